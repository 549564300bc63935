/**
 * Fields as a coarser instrument would see them: means over square blocks, brought back to the grid
 * by cubic splines, as the 2025 paper does to model output before training.
 *
 * @see Picard et al. (2025), section 2.3
 */

import { ArgumentError } from "../core/index.js";
import { cubicGrid } from "./cubic.js";

/**
 * Resolutions of the satellites that the paper states [m]: SSH 80 km; for SST 28 km in the text,
 * 24 km in figure 3 and the names of files, 30 km (every 15th point of 2 km) in figure 3's script.
 */
export const SATELLITE_RESOLUTIONS = {
  ssh: 80e3,
  sst: { text: 28e3, figure: 24e3, script: 30e3 },
} as const;

/** One of the paper's three statements of SST's resolution. */
export type SstStatement = keyof (typeof SATELLITE_RESOLUTIONS)["sst"];

/**
 * What satellites resolve [m]: SSH 80 km and SST 28 km where nothing is said, SST also by the name of
 * one of the paper's statements.
 */
export interface SatelliteResolution {
  readonly ssh?: number;
  readonly sst?: number | SstStatement;
}

/** Resolution of one quantity [m]. */
export function resolutionOf(
  quantity: "ssh" | "sst",
  { ssh = SATELLITE_RESOLUTIONS.ssh, sst = "text" }: SatelliteResolution = {},
): number {
  if (quantity === "ssh") return ssh;
  return typeof sst === "number" ? sst : SATELLITE_RESOLUTIONS.sst[sst];
}

/**
 * The width that blocks of a resolution really have [m]: whole blocks fill the field, so that 200 km
 * become 210 on 1888 km. The field's own cells where the resolution is not coarser.
 *
 * @param n  cells along a side of the field
 * @param dx width of a cell [m]
 */
export function blockWidth(n: number, dx: number, resolution: number): number {
  return resolution <= dx ? dx : (n * dx) / Math.floor((n * dx) / resolution);
}

/**
 * Coarsen a square field and bring it back.
 *
 * Blocks need not be whole cells: a cell that two blocks share counts in both by its overlap. As many
 * blocks as fit fill the field: `blockWidth` says how wide they are.
 *
 * @param field      shape (n, n), finite
 * @param n          cells along a side
 * @param dx         width of a cell [m]
 * @param resolution width of a block [m]; at most a fifth of the field
 * @returns shape (n, n); the field itself where the resolution is not coarser than a cell
 * @throws {ArgumentError} if fewer than five blocks fit
 */
export function degrade(
  field: Float32Array,
  n: number,
  dx: number,
  resolution: number,
): Float32Array {
  if (resolution <= dx) return field.slice();
  const blocks = Math.floor((n * dx) / resolution);
  if (blocks < 5) {
    const wanted = "at least five blocks";
    throw new ArgumentError({
      what: "resolution",
      wanted,
      got: `${resolution} m over ${n * dx} m`,
    });
  }
  const ratio = n / blocks;
  const coarse = blockMeans(field, n, blocks);
  // block centres in cells; the rim beyond the outer centres repeats the outer block
  const centres = Float64Array.from({ length: blocks + 2 }, (_, b) => (b - 0.5) * ratio - 0.5);
  const padded = pad(coarse, blocks);
  const cells = Float64Array.from({ length: n }, (_, i) => i);
  const fine = cubicGrid({ x: centres, y: centres, values: padded }, { xi: cells, yi: cells });
  return Float32Array.from(fine);
}

/** Means over blocks × blocks squares of n / blocks cells each, cells shared by their overlap. */
function blockMeans(field: Float32Array, n: number, blocks: number): Float64Array {
  const half = new Float64Array(blocks * n);
  const ratio = n / blocks;
  for (let b = 0; b < blocks; b++) {
    for (const [j, share] of overlaps(b * ratio, (b + 1) * ratio)) {
      for (let i = 0; i < n; i++) half[b * n + i] = half[b * n + i]! + share * field[j * n + i]!;
    }
  }
  const out = new Float64Array(blocks * blocks);
  for (let b = 0; b < blocks; b++) {
    for (const [i, share] of overlaps(b * ratio, (b + 1) * ratio)) {
      for (let a = 0; a < blocks; a++) {
        out[a * blocks + b] = out[a * blocks + b]! + share * half[a * n + i]!;
      }
    }
  }
  return out;
}

/** Cells of an interval with their shares of it, which sum to 1. */
function overlaps(from: number, to: number): [cell: number, share: number][] {
  const list: [number, number][] = [];
  for (let cell = Math.floor(from); cell < to - 1e-9; cell++) {
    list.push([cell, (Math.min(cell + 1, to) - Math.max(cell, from)) / (to - from)]);
  }
  return list;
}

function pad(values: Float64Array, n: number): Float64Array {
  const clamp = (k: number) => Math.min(Math.max(k, 0), n - 1);
  const size = n + 2;
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [j, i] = [Math.floor(at / size) - 1, (at % size) - 1];
    return values[clamp(j) * n + clamp(i)]!;
  });
}
