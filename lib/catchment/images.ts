/**
 * The networks' input: images of the ocean around a trap at a few dates before the collection ends,
 * with the initial PDF. Channels in the papers' order, for each date, oldest first: temperature,
 * ζ/f, u and v at every depth, then sea-surface height; last the initial PDF, once per output map.
 *
 * @see Picard et al. (2024), Ocean Science 20, 1149, section 3.1
 */

import { ArgumentError } from "../core/index.js";
import type { Trap } from "../lagrangian/index.js";
import { bilinear, locate, type Ocean } from "../ocean/index.js";
import { blockOf, coarsen } from "./coarsen.js";
import { type Snapshot, takeSnapshot } from "./snapshot.js";

/** Which images a network takes. */
export interface ImageLayout {
  readonly name: string;
  /** [m], positive down; a subset of the snapshots' */
  readonly depths: readonly number[];
  /** dates of the images, relative to the end of the collection [s], oldest first */
  readonly dates: readonly number[];
  /** channels that hold the initial PDF */
  readonly pdfChannels: number;
  /** channels in all, where they are not the papers' columns of T, ζ/f, u, v and SSH */
  readonly channels?: number;
}

const DAY = 86400;
const DATES_2024 = [-40, -30, -20, -10].map((days) => days * DAY);

/** Four depths: 4 dates × (4 × 4 + 1) + 8 = 76 channels. */
export const FOUR_LEVELS: ImageLayout = {
  name: "U-Net, 4 levels",
  depths: [0, 200, 500, 1000],
  dates: DATES_2024,
  pdfChannels: 8,
};

/** The surface alone: 4 dates × 5 + 8 = 28 channels. */
export const SURFACE: ImageLayout = {
  name: "U-Net, surface",
  depths: [0],
  dates: DATES_2024,
  pdfChannels: 8,
};

/** Channels of a layout. */
export function channelsOf({ depths, dates, pdfChannels, channels }: ImageLayout): number {
  return channels ?? dates.length * (4 * depths.length + 1) + pdfChannels;
}

/** Snapshots of all dates that some windows need, and the cell that each trap lies in. */
export interface Album {
  readonly depths: readonly number[];
  /** snapshot of each instant needed, by time [s] */
  readonly snapshots: ReadonlyMap<number, Snapshot>;
  /** ocean instants, increasing [s] */
  readonly times: Float64Array;
  /** cell nearest to each trap */
  readonly cells: readonly { readonly i: number; readonly j: number }[];
}

/**
 * Take the snapshots that windows need, each once.
 *
 * @param windows ends of the collections [s]
 * @param needs   depths and dates, and the width of a cell of the images [m], that of the ocean by
 *                default: finer oceans are averaged over blocks, whose nearest to a trap is its cell
 * @throws {ArgumentError} if a date lies outside the ocean's times, a depth below every bottom, or the
 *         ocean's cells at a trap do not make the images'
 */
export async function makeAlbum(
  ocean: Ocean,
  traps: readonly Trap[],
  windows: ArrayLike<number>,
  { depths, dates, cell }: Pick<ImageLayout, "depths" | "dates"> & { readonly cell?: number },
): Promise<Album> {
  const { grid } = ocean;
  const places = traps.map((trap) => locate(grid, trap));
  const widths = places.map(({ x, y }) => 1 / bilinear(grid, grid.pm, x, y));
  const factor = cell === undefined ? 1 : blockOf(widths, cell);
  const times = Float64Array.from(ocean.times);
  const needed = new Set<number>();
  for (const end of Array.from(windows)) {
    for (const date of dates) needed.add(nearestTime(times, end + date, ocean.name));
  }
  const snapshots = new Map<number, Snapshot>();
  for (const time of [...needed].sort((a, b) => a - b)) {
    snapshots.set(time, coarsen(await takeSnapshot(ocean, times.indexOf(time), depths), factor));
  }
  const block = (index: number) => Math.round((index - (factor - 1) / 2) / factor);
  const cells = places.map(({ x, y }) => ({ i: block(x), j: block(y) }));
  return { depths, snapshots, times, cells };
}

/** Mean and standard deviation of each channel over a training set. */
export interface Normalisation {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/** How images for several speeds are cut; `InputKind` and the rest are in `satelliteimages`. */
export interface SpeedCut {
  readonly kind: "5V-4L" | "5V-1L" | "sst-ssh" | "sst-ssh-mooring";
  /** image side [cells] */
  readonly n: number;
  /** output maps of the network, each with one initial PDF */
  readonly maps: number;
  /** [m d⁻¹], in the order of the samples */
  readonly speeds: readonly number[];
  /** whether the last channel holds the speed, (w − 150) / 100, as it does by default */
  readonly speedChannel?: "constant" | "none";
}

/** Images of samples, cut from an album when they are asked for. */
export interface ImageSource {
  readonly layout: ImageLayout;
  /** image side [cells] */
  readonly n: number;
  readonly count: number;
  /** Write the image of a sample, shape (channels, n, n), east by north, as it is in the ocean. */
  fill(sample: number, out: Float32Array): void;
}

/**
 * Cut images around traps from an album. Samples count as in `SourcePdfs`: trap fastest.
 *
 * @param n side of an image [cells of the ocean's grid], the same as the PDFs' bins
 * @throws {ArgumentError} if the box around a trap leaves the grid or the album lacks a depth
 */
export function makeImages(
  album: Album,
  windows: Float64Array,
  layout: ImageLayout,
  n: number,
): ImageSource {
  const traps = album.cells.length;
  const levels = layout.depths.map((depth) => depthIndex(album, depth));
  const first = [...album.snapshots.values()][0]!;
  for (const [t, { i, j }] of album.cells.entries()) {
    const fits = i >= n / 2 && j >= n / 2 && i + n / 2 <= first.nx && j + n / 2 <= first.ny;
    if (fits) continue;
    throw new ArgumentError({
      what: `box around trap ${t}`,
      wanted: `${n} cells inside the grid of ${first.ny} × ${first.nx}`,
      got: `a centre at (${j}, ${i})`,
      remedy: "move the trap, or take a larger grid",
    });
  }
  return {
    layout,
    n,
    count: windows.length * traps,
    fill(sample, out) {
      const cell = album.cells[sample % traps]!;
      const end = windows[Math.floor(sample / traps)]!;
      let at = 0;
      for (const date of layout.dates) {
        const snapshot = album.snapshots.get(nearestTime(album.times, end + date, "the album"))!;
        for (const name of ["temperature", "vorticity", "u", "v"] as const) {
          for (const level of levels)
            at = crop(snapshot, snapshot[name], { level, cell, n }, out, at);
        }
        at = crop(snapshot, snapshot.ssh, { level: 0, cell, n }, out, at);
      }
      out.fill(0, at);
      const middle = n / 2;
      for (let channel = 0; channel < layout.pdfChannels; channel++, at += n * n) {
        for (const i of [middle - 1, middle]) {
          for (const j of [middle - 1, middle]) out[at + i * n + j] = 0.25;
        }
      }
    },
  };
}

/** How far the middle of a cell lies from a trap [m]. */
export interface CellOffset {
  readonly east: number;
  readonly north: number;
}

/**
 * How far from each trap the cell lies that stands at place n / 2 of its images: images are cut at whole
 * cells, while PDFs count displacements from the trap itself.
 *
 * @param ocean what the album was taken of
 */
export function cellOffsets(
  { grid }: Pick<Ocean, "grid">,
  { cells, snapshots }: Album,
  traps: readonly Trap[],
): CellOffset[] {
  const factor = Math.round(grid.nx / [...snapshots.values()][0]!.nx);
  const middle = (block: number) => block * factor + (factor - 1) / 2;
  return traps.map((trap, t) => {
    const { x, y } = locate(grid, trap);
    const { i, j } = cells[t]!;
    const [pm, pn] = [grid.pm, grid.pn].map((perMetre) => bilinear(grid, perMetre, x, y));
    return { east: (middle(i) - x) / pm!, north: (middle(j) - y) / pn! };
  });
}

/** The images of some samples, in the order given. */
export function pickImages(images: ImageSource, samples: Int32Array): ImageSource {
  const fill: ImageSource["fill"] = (sample, out) => images.fill(samples[sample]!, out);
  return { ...images, count: samples.length, fill };
}

/** Mean and standard deviation of each channel; the initial PDF's channels stay as they are. */
export function normalisationOf(images: ImageSource, samples: Int32Array): Normalisation {
  const { layout, n } = images;
  const channels = channelsOf(layout);
  const mean = new Float64Array(channels);
  const sd = new Float64Array(channels).fill(1);
  const squares = new Float64Array(channels);
  const image = new Float32Array(channels * n * n);
  const observed = channels - layout.pdfChannels;
  const weight = 1 / (samples.length * n * n);
  for (const sample of samples) {
    images.fill(sample, image);
    for (let c = 0; c < observed; c++) {
      let [sum, square] = [0, 0];
      for (let at = c * n * n; at < (c + 1) * n * n; at++) {
        sum += image[at]!;
        square += image[at]! ** 2;
      }
      mean[c] = mean[c]! + weight * sum;
      squares[c] = squares[c]! + weight * square;
    }
  }
  for (let c = 0; c < observed; c++) {
    sd[c] = Math.sqrt(Math.max(squares[c]! - mean[c]! ** 2, 1e-12));
  }
  return { mean, sd };
}

interface Box {
  readonly level: number;
  readonly cell: { readonly i: number; readonly j: number };
  readonly n: number;
}

/** Copy the box around a cell, turned to east by north; returns where the next channel starts. */
function crop(
  { nx, ny }: Snapshot,
  field: Float32Array,
  { level, cell, n }: Box,
  out: Float32Array,
  at: number,
): number {
  const offset = level * nx * ny;
  for (let i = 0; i < n; i++) {
    const column = cell.i - n / 2 + i;
    for (let j = 0; j < n; j++) {
      out[at + i * n + j] = field[offset + (cell.j - n / 2 + j) * nx + column]!;
    }
  }
  return at + n * n;
}

function depthIndex({ depths }: Album, depth: number): number {
  const index = depths.indexOf(depth);
  if (index >= 0) return index;
  throw new ArgumentError({
    what: "depth of the layout",
    wanted: `one of the album's, ${depths.join(", ")} m`,
    got: `${depth} m`,
  });
}

/**
 * The one of increasing times that is nearest to a time [s].
 *
 * @param where whose times they are, for the message
 * @throws {ArgumentError} if the time lies outside them
 */
export function nearestTime(times: Float64Array, time: number, where: string): number {
  const [first, last] = [times[0]!, times.at(-1)!];
  if (!(time >= first && time <= last)) {
    throw new ArgumentError({
      what: "date of an image",
      where,
      wanted: `a time from ${first} to ${last} s`,
      got: `${time} s`,
      remedy: "let the first window end later, or take a longer record",
    });
  }
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle;
  }
  return time - times[low]! <= times[high]! - time ? times[low]! : times[high]!;
}
