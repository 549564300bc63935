/*
 * The peer of lagrangian-throughput.ts: RK4 with the usual 16-point interpolation (trilinear in
 * space, linear in time) of u, v, omega and layer thickness on a C-grid, pm and pn bilinear, as
 * plain C. No rules at coasts or edges but a clamp of the level.
 *
 *   cc -O3 -DREAL=double lagrangian-reference.c -o reference -lm
 *   ./reference FOLDER steps|particles
 *
 * "steps" moves every particle one step before the next step, as published codes do; "particles"
 * moves each particle through all steps. Reads FOLDER/setup.txt and the .f64 files beside it,
 * writes FOLDER/out.f64, prints user CPU seconds.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#ifndef REAL
#define REAL double
#endif

static int nx, ny, nz, np, ns;
static double dt, span;
static REAL *U[2], *V[2], *W[2], *DZ[2], *PM, *PN;

static REAL *read_field(const char *folder, const char *name, long n) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.f64", folder, name);
  FILE *file = fopen(path, "rb");
  double *values = malloc(n * sizeof(double));
  REAL *out = malloc(n * sizeof(REAL));
  if (!file || fread(values, sizeof(double), n, file) != (size_t)n) {
    fprintf(stderr, "cannot read %s\n", path);
    exit(1);
  }
  for (long i = 0; i < n; i++) out[i] = values[i];
  free(values);
  fclose(file);
  return out;
}

static inline double trilinear(REAL *const f[2], int mx, int my, double x, double y, double z,
                               double time) {
  int i = (int)floor(x), j = (int)floor(y), k = (int)floor(z);
  double a = x - i, b = y - j, c = z - k;
  double w00 = (1 - a) * (1 - b), w10 = a * (1 - b), w01 = (1 - a) * b, w11 = a * b;
  long o = i + (long)mx * (j + (long)my * k), up = (long)mx * my;
  double value[2];
  for (int t = 0; t < 2; t++) {
    const REAL *g = f[t] + o;
    value[t] = (1 - c) * (w00 * g[0] + w10 * g[1] + w01 * g[mx] + w11 * g[mx + 1]) +
               c * (w00 * g[up] + w10 * g[up + 1] + w01 * g[up + mx] + w11 * g[up + mx + 1]);
  }
  return value[0] + time * (value[1] - value[0]);
}

static inline double bilinear(const REAL *f, double x, double y) {
  int i = (int)floor(x), j = (int)floor(y);
  double a = x - i, b = y - j;
  const REAL *g = f + i + (long)nx * j;
  return (1 - b) * ((1 - a) * g[0] + a * g[1]) + b * ((1 - a) * g[nx] + a * g[nx + 1]);
}

static double clamp(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

static inline void velocity(double x, double y, double z, double time, double sinking, double *k) {
  double rho = clamp(z - 0.5, 0, nz - 1.000001);
  k[0] = dt * trilinear(U, nx - 1, ny, x - 0.5, y, rho, time) * bilinear(PM, x, y);
  k[1] = dt * trilinear(V, nx, ny - 1, x, y - 0.5, rho, time) * bilinear(PN, x, y);
  double w = trilinear(W, nx, ny, x, y, clamp(z, 0, nz - 0.000001), time) - sinking;
  k[2] = dt * w / trilinear(DZ, nx, ny, x, y, rho, time);
}

static inline void rk4(double *p, double time, double step, double sinking) {
  double a[3], b[3], c[3], d[3];
  velocity(p[0], p[1], p[2], time, sinking, a);
  velocity(p[0] + a[0] / 2, p[1] + a[1] / 2, p[2] + a[2] / 2, time + step / 2, sinking, b);
  velocity(p[0] + b[0] / 2, p[1] + b[1] / 2, p[2] + b[2] / 2, time + step / 2, sinking, c);
  velocity(p[0] + c[0], p[1] + c[1], p[2] + c[2], time + step, sinking, d);
  for (int m = 0; m < 3; m++) p[m] += (a[m] + 2 * b[m] + 2 * c[m] + d[m]) / 6;
  p[2] = clamp(p[2], 0.01, nz - 0.01);
}

int main(int argc, char **argv) {
  char path[4096];
  double sinking;
  if (argc != 3) return 2;
  snprintf(path, sizeof path, "%s/setup.txt", argv[1]);
  FILE *setup = fopen(path, "r");
  if (!setup || fscanf(setup, "%d %d %d %d %d %lf %lf %lf", &nx, &ny, &nz, &np, &ns, &dt, &span,
                       &sinking) != 8)
    return 1;
  fclose(setup);
  long size = (long)nx * ny;
  const char *names[4][2] = {{"u0", "u1"}, {"v0", "v1"}, {"w0", "w1"}, {"dz0", "dz1"}};
  for (int t = 0; t < 2; t++) {
    U[t] = read_field(argv[1], names[0][t], (long)(nx - 1) * ny * nz);
    V[t] = read_field(argv[1], names[1][t], (long)nx * (ny - 1) * nz);
    W[t] = read_field(argv[1], names[2][t], size * (nz + 1));
    DZ[t] = read_field(argv[1], names[3][t], size * nz);
  }
  PM = read_field(argv[1], "pm", size);
  PN = read_field(argv[1], "pn", size);
  snprintf(path, sizeof path, "%s/particles.f64", argv[1]);
  double *p = malloc(3L * np * sizeof(double));
  FILE *file = fopen(path, "rb");
  if (!file || fread(p, sizeof(double), 3L * np, file) != (size_t)(3L * np)) return 1;
  fclose(file);
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  double step = dt / span;
  if (strcmp(argv[2], "steps") == 0) {
    for (int s = 0; s < ns; s++)
      for (int n = 0; n < np; n++) rk4(p + 3L * n, s * step, step, sinking);
  } else {
    for (int n = 0; n < np; n++)
      for (int s = 0; s < ns; s++) rk4(p + 3L * n, s * step, step, sinking);
  }
  getrusage(RUSAGE_SELF, &after);
  printf("%.6f\n", after.ru_utime.tv_sec - before.ru_utime.tv_sec +
                       1e-6 * (after.ru_utime.tv_usec - before.ru_utime.tv_usec));
  snprintf(path, sizeof path, "%s/out.f64", argv[1]);
  file = fopen(path, "wb");
  fwrite(p, sizeof(double), 3L * np, file);
  fclose(file);
  return 0;
}
