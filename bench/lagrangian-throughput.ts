/**
 * Throughput of the backtracker against plain C on the published experiment's numbers: a C-grid of
 * 130 × 130 cells of 2 km and 40 stretched levels, RK4 with steps of 120 s, one span of 12 h
 * between two frames, sinking at 50 m/d, backward, 8 levels watched.
 *
 *   npx esbuild bench/lagrangian-throughput.ts --outfile=bench/lagrangian-throughput.mjs && \
 *     node bench/lagrangian-throughput.mjs [particles] [pairs] [Pyticles' folder Modules]
 *
 * Runs are interleaved in pairs and counted in user CPU seconds of one thread; the C peer is
 * compiled here with cc -O3 with float64 and float32 fields. Where a checkout of Pyticles
 * (github.com/Mesharou/Pyticles, CC BY-NC-SA, no part of this project) is named, its RK4 step is
 * compiled with gfortran -O3 and timed beside them.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeRandom } from "carbonbook/core";
import { backtrack, type Places, type Release, RK4 } from "carbonbook/lagrangian";
import {
  bilinear,
  closedFormOcean,
  columnOf,
  type Flow,
  type Frame,
  layerThickness,
  levelOfHeight,
  makeVertical,
  type Ocean,
} from "carbonbook/ocean";

const [count = 20000, pairs = 5] = process.argv.slice(2, 4).map(Number);
const pyticles = process.argv[4];
const DAY = 86400;
const SPAN = DAY / 2;
const [nx, ny, nz] = [130, 130, 40];
const sinking = 50 / DAY;
const levels = [900, 800, 700, 600, 500, 400, 300, 200];

/** Eddies of 30 to 90 km that fade with depth, and overturning of some 10 m/d. */
const eddies: Flow = {
  name: "eddies",
  u: (t, x, y, z) => 0.2 * Math.exp(z / 900) * (Math.sin(y / 9e3 + t / 4e5) + Math.cos(x / 15e3)),
  v: (t, x, y, z) => 0.2 * Math.exp(z / 900) * (Math.cos(x / 11e3 - t / 4e5) + Math.sin(y / 7e3)),
  w: (_t, x, y, z) => 1e-4 * Math.sin(x / 8e3) * Math.cos(y / 9e3) * Math.sin((Math.PI * z) / 4000),
};

const folder = mkdtempSync(join(tmpdir(), "carbonbook-bench-"));
const ocean = await makeOcean();
const release = makeRelease();
await writeForC();
const peers = [compile("double"), compile("float")] as const;
const published = pyticles === undefined ? undefined : compilePyticles(pyticles);
const rates: Record<string, number[]> = {};
for (let pair = 0; pair < pairs; pair++) {
  for (const [n, width] of ["f64", "f32"].entries()) {
    for (const order of ["steps", "particles"]) {
      const seconds = Number(execFileSync(peers[n]!, [folder, order], { encoding: "utf8" }));
      add(`C -O3, ${width} fields, ${order} outermost`, seconds);
    }
  }
  if (published !== undefined) {
    const seconds = Number(execFileSync(published, [folder], { encoding: "utf8" }));
    add("Pyticles' RK4, gfortran -O3, f64 fields", seconds);
  }
  const before = process.cpuUsage();
  const tracks = await backtrack(ocean, release, options());
  const seconds = process.cpuUsage(before).user / 1e6;
  add("carbonbook, one thread, loading and rules included", seconds);
  if (pair > 0) continue;
  compare("C", "out.f64", tracks.origin);
  if (published !== undefined) compare("Pyticles", "out-pyticles.f64", tracks.origin);
}
for (const [name, list] of Object.entries(rates)) {
  const sorted = list.sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  console.log(`${name.padEnd(55)} ${(median / 1e6).toFixed(2)}e6 particle-steps/s (median)`);
}
rmSync(folder, { recursive: true });

function options(): Parameters<typeof backtrack>[2] {
  return { sinkingSpeed: sinking, duration: SPAN, levels, timeStep: 120, scheme: RK4 };
}

function add(name: string, seconds: number): void {
  rates[name] = [...(rates[name] ?? []), (count * SPAN) / 120 / seconds];
}

/** An ocean whose two frames are in memory already. */
async function makeOcean(): Promise<Ocean> {
  const flat = closedFormOcean(eddies, {
    ...{ nx, ny, dx: 2000, times: [0, SPAN] },
    heights: Array.from({ length: nz + 1 }, (_, k) => 4000 * (k / nz - 1)),
  });
  const vertical = makeVertical(nz, 2, 200, { kind: 4, thetaS: 6, thetaB: 2 });
  const h = flat.grid.h.map((_, o) => 4000 + 500 * Math.sin((o % nx) / 20));
  const frames = [await flat.frame(0), await flat.frame(1)];
  const frame = async (n: number): Promise<Frame> => frames[n]!;
  return { ...flat, grid: { ...flat.grid, h }, vertical, frame };
}

function makeRelease(): Release {
  const random = makeRandom(1);
  const spread = () => 20 + 90 * random.uniform();
  return {
    count,
    x: Float64Array.from({ length: count }, spread),
    y: Float64Array.from({ length: count }, spread),
    depth: Float64Array.from({ length: count }, () => 250 + 750 * random.uniform()),
    time: new Float64Array(count).fill(SPAN),
    trap: new Int32Array(count),
  };
}

/** Hand the peer the same fields; its time runs forward with the frames exchanged and dt < 0. */
async function writeForC(): Promise<void> {
  const write = (name: string, values: ArrayLike<number>) =>
    writeFileSync(join(folder, `${name}.f64`), new Uint8Array(Float64Array.from(values).buffer));
  for (const t of [0, 1]) {
    const frame = await ocean.frame(1 - t);
    write(`u${t}`, frame.u.data);
    write(`v${t}`, frame.v.data);
    write(`w${t}`, frame.omega.data);
    write(`dz${t}`, layerThickness(ocean.grid, ocean.vertical, frame.zeta));
  }
  write("pm", ocean.grid.pm);
  write("pn", ocean.grid.pn);
  const particles = Array.from(release.depth).flatMap((depth, p) => {
    const [x, y] = [release.x[p]!, release.y[p]!];
    const column = columnOf(ocean.vertical, bilinear(ocean.grid, ocean.grid.h, x, y), 0);
    return [x, y, levelOfHeight(ocean.vertical, column, -depth)];
  });
  write("particles", particles);
  const numbers = [nx, ny, nz, count, SPAN / 120, -120, -SPAN, sinking];
  writeFileSync(join(folder, "setup.txt"), numbers.join(" "));
}

function compile(real: "double" | "float"): string {
  const source = fileURLToPath(new URL("lagrangian-reference.c", import.meta.url));
  const program = join(folder, `reference-${real}`);
  execFileSync("cc", ["-O3", `-DREAL=${real}`, source, "-o", program, "-lm"]);
  return program;
}

/** Compile the Fortran of a checkout with our program around its step. */
function compilePyticles(modules: string): string {
  const object = join(folder, "pyticles.o");
  const program = join(folder, "pyticles");
  const driver = fileURLToPath(new URL("lagrangian-pyticles.f90", import.meta.url));
  const form = ["-O3", "-w", "-cpp", "-ffixed-line-length-none"];
  const step = ["-c", "pyticles_3d_sig_sa.F", "-o", object];
  execFileSync("gfortran", [...form, ...step], { cwd: modules });
  execFileSync("gfortran", ["-O3", "-w", "-J", folder, driver, object, "-o", program]);
  return program;
}

/** How far the two end apart [m], for particles that cross no last level. */
function compare(peer: string, name: string, { x, y }: Pick<Places, "x" | "y">): void {
  const bytes = readFileSync(join(folder, name));
  const out = new Float64Array(bytes.buffer, bytes.byteOffset, 3 * count);
  const apart = Array.from(
    x,
    (value, p) => 2000 * Math.hypot(value - out[3 * p]!, y[p]! - out[3 * p + 1]!),
  ).sort((a, b) => a - b);
  console.log(
    `ends apart from ${peer}: median ${apart[Math.floor(count / 2)]!.toExponential(1)} m`,
  );
}
