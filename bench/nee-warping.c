/*
 * DTW (symmetric1, squared cost) of all pairs, the reference for bench/nee.ts: gcc -O3 -march=native -lm.
 * The least of three once by fmin, as it is usually written, and once by comparisons, which is faster.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double less(double x, double y) { return x < y ? x : y; }

static double compared(const double *a, const double *b, int n, double *p, double *q) {
  for (int j = 0; j <= n; j++) p[j] = INFINITY;
  p[0] = 0;
  for (int i = 1; i <= n; i++) {
    double left = q[0] = INFINITY;
    for (int j = 1; j <= n; j++) {
      double d = a[i - 1] - b[j - 1];
      q[j] = left = less(less(p[j - 1], p[j]), left) + d * d;
    }
    double *t = p;
    p = q;
    q = t;
  }
  return sqrt(p[n]);
}

static double distance(const double *a, const double *b, int n, double *p, double *q) {
  for (int j = 0; j <= n; j++) p[j] = INFINITY;
  p[0] = 0;
  for (int i = 1; i <= n; i++) {
    q[0] = INFINITY;
    for (int j = 1; j <= n; j++) {
      double d = a[i - 1] - b[j - 1];
      double best = fmin(p[j - 1], fmin(p[j], q[j - 1]));
      q[j] = best + d * d;
    }
    double *t = p;
    p = q;
    q = t;
  }
  return sqrt(p[n]);
}

typedef double (*way)(const double *, const double *, int, double *, double *);

static void run(const char *name, way distance, int count, int n) {
  double *x = malloc(sizeof(double) * count * n), *p = malloc(8 * (n + 1)), *q = malloc(8 * (n + 1));
  for (int i = 0; i < count * n; i++) x[i] = rand() / (double)RAND_MAX;
  for (int turn = 0; turn < 3; turn++) {
    clock_t start = clock();
    double sum = 0;
    for (int i = 0; i < count; i++)
      for (int j = 0; j < i; j++) sum += distance(x + i * n, x + j * n, n, p, q);
    printf("%s, %d series of %d: %.3f s (%g)\n", name, count, n, (double)(clock() - start) / CLOCKS_PER_SEC, sum);
  }
}

int main(void) {
  run("fmin", distance, 1000, 12);
  run("fmin", distance, 200, 204);
  run("compared", compared, 1000, 12);
  run("compared", compared, 200, 204);
  return 0;
}
