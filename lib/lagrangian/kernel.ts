/**
 * The WebAssembly kernel and its memory. Window and particle records lie in one shared memory, so
 * that any number of workers steps through the same fields. Layout of the records: cruise.as.
 */

import {
  allocateIn,
  makeWindow,
  neighbour,
  type Ocean,
  type Window,
  windowBytes,
} from "../ocean/index.js";
import { CRUISE_WASM } from "./cruise-wasm.js";
import type { Tableau } from "./tableau.js";

/** A place in shared memory that a kernel works in. */
export interface KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** byte offset of the window's record */
  readonly record: number;
}

/** A particle between two steps, as the kernel takes and leaves it. */
export interface CruisePlace {
  x: number;
  y: number;
  layer: number;
  q: number;
}

/** A stretch of equal steps. */
export interface Stretch {
  /** time of the first step [s] */
  readonly time: number;
  /** step [s] */
  readonly dt: number;
  readonly steps: number;
  /** positive down [m s⁻¹] */
  readonly sinking: number;
  /** heights not to be passed [m] */
  readonly above: number;
  readonly below: number;
}

/** Take uneventful steps, moving `place`; returns how many were taken. */
export type Cruise = (place: CruisePlace, stretch: Stretch) => number;

const PAGE = 65536;
const WINDOW_RECORD = 64 + 24 * 8;
const PLACE_RECORD = 640;
/** Places for workers that run at once. */
export const KERNEL_SLOTS = 256;

/** Make a window in memory that the kernel reaches; undefined if it would be over 4 GiB. */
export function makeKernelWindow(
  ocean: Ocean,
): { window: Window; kernel: KernelMemory } | undefined {
  const head = WINDOW_RECORD + KERNEL_SLOTS * PLACE_RECORD;
  const pages = Math.ceil((head + windowBytes(ocean)) / PAGE) + 1;
  if (pages > PAGE) return undefined;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: PAGE, shared: true });
  const window = makeWindow(ocean, allocateIn(memory.buffer as SharedArrayBuffer, head));
  return { window, kernel: { memory, record: 0 } };
}

/** Whether the kernel can take steps of a scheme: no stage may look back further than one. */
export function suitsKernel({ a, b, embedded }: Tableau): boolean {
  const chained = a.every((row, i) => row.every((value, j) => j === i - 1 || value === 0));
  return chained && b.length <= 8 && embedded === undefined;
}

/** The kernel, compiled once a thread: the engine goes on making one module faster. */
let compiled: WebAssembly.Module | undefined;

/**
 * Make the function that takes uneventful steps in a window.
 *
 * @param slot number of the particle record, so that workers do not share one; 0 … 255
 */
export function makeCruise(window: Window, { memory, record }: KernelMemory, slot: number): Cruise {
  const place = record + WINDOW_RECORD + slot * PLACE_RECORD;
  compiled ??= new WebAssembly.Module(Buffer.from(CRUISE_WASM, "base64"));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  const cruise = instance.exports.cruise as (w: number, p: number, steps: number) => number;
  const numbers = new Float64Array(memory.buffer, place, 12);
  const layerOf = new Int32Array(memory.buffer, place + 96, 1);
  const neighbours = new Float64Array(memory.buffer, place + 528, 4);
  const { sW, csW } = window.vertical;

  function setNeighbour(slot: number, k: number): void {
    neighbours[slot] = sW[k + 1]! - sW[k]!;
    neighbours[slot + 1] = csW[k + 1]! - csW[k]!;
  }
  return function take(at, stretch) {
    const k = at.layer;
    numbers[0] = at.x;
    numbers[1] = at.y;
    numbers[2] = at.q;
    numbers[3] = stretch.time;
    numbers[4] = stretch.dt;
    numbers[5] = stretch.sinking;
    numbers[6] = stretch.above;
    numbers[7] = stretch.below;
    numbers[8] = sW[k + 1]! - sW[k]!;
    numbers[9] = csW[k + 1]! - csW[k]!;
    numbers[10] = sW[k]!;
    numbers[11] = csW[k]!;
    layerOf[0] = k;
    setNeighbour(0, neighbour(k, -1, window.nz));
    setNeighbour(2, neighbour(k, 1, window.nz));
    const taken = cruise(record, place, stretch.steps);
    at.x = numbers[0]!;
    at.y = numbers[1]!;
    at.q = numbers[2]!;
    return taken;
  };
}

/** Write the record of a window; to be called whenever its instants have changed. */
export function writeWindowRecord(
  window: Window,
  { memory, record }: KernelMemory,
  tableau: Tableau,
): void {
  const view = new DataView(memory.buffer, record, WINDOW_RECORD);
  const integers = [
    [0, window.nx],
    [4, window.ny],
    [32, window.u.byteOffset],
    [36, window.v.byteOffset],
    [40, window.omega.byteOffset],
    [44, window.zeta.byteOffset],
    [48, window.metric.byteOffset],
    [52, window.vertical.transform],
    [56, tableau.b.length],
  ] as const;
  for (const [offset, value] of integers) view.setUint32(offset, value, true);
  const [t0, t1] = [window.times[0]!, window.times[1]!];
  view.setFloat64(8, window.vertical.hc, true);
  view.setFloat64(16, t0, true);
  view.setFloat64(24, t0 === t1 ? 0 : 1 / (t1 - t0), true);
  for (let i = 0; i < tableau.b.length; i++) {
    view.setFloat64(64 + 24 * i, i === 0 ? 0 : tableau.a[i]![i - 1]!, true);
    view.setFloat64(72 + 24 * i, tableau.b[i]!, true);
    view.setFloat64(80 + 24 * i, tableau.c[i]!, true);
  }
}
