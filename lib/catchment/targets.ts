/**
 * Source PDFs sample by sample, from memory or from their file, so that neither training nor scoring
 * asks where they are.
 */

import type { NdArray } from "../core/index.js";
import { open } from "../io/index.js";
import type { Maps } from "./evaluation.js";
import type { SourcePdfs } from "./experiment.js";
import { checkMass } from "./mass.js";
import { type PdfFacts, readPdfs, type StoredPdfs } from "./pdffile.js";

type Shape = Pick<PdfFacts, "levels" | "grid" | "traps">;

/** The PDFs that a network is trained towards; data only, arrays in shared memory. */
export type Targets = Shape & (Pick<SourcePdfs, "raw" | "filtered"> | Pick<StoredPdfs, "path">);

/** Source PDFs in memory or in their file. */
export type AnyPdfs = SourcePdfs | StoredPdfs;

/** Targets that can be read; a file stays open until it is closed. */
export interface OpenTargets {
  /**
   * Read samples by number.
   *
   * @returns shape (samples, levels, n, n) each
   * @throws {DataError} if a PDF does not sum to one, less what left the box
   */
  read(samples: Int32Array): Promise<Record<PdfKind, NdArray<Float32Array>>>;
  close(): void;
}

type PdfKind = "raw" | "filtered";
const VARIABLES = { raw: "pdf", filtered: "pdf_filter" } as const;

/**
 * Sums below these are no PDFs but a mistake. Particles that left the box leave at least half of a
 * usable sample (`usableSamples`), of which the filter may lose most beyond the edge.
 */
const LEAST_MASS = { raw: 0.4, filtered: 0.1 } as const;

/** Files up to this size are read into memory, since that makes each sample quicker [bytes]. */
const HELD = 256 * 2 ** 20;

/**
 * Source PDFs of a file, in memory where they are small.
 *
 * @throws as `readPdfs`
 */
export async function loadPdfs(stored: StoredPdfs): Promise<AnyPdfs> {
  const { windows, traps, levels, grid } = stored;
  const bytes = 8 * windows.length * traps.length * levels.length * grid.n ** 2;
  return bytes <= HELD ? readPdfs(stored.path) : stored;
}

/** Open targets wherever they are. */
export async function openTargets(targets: Targets): Promise<OpenTargets> {
  const { levels, grid } = targets;
  const bins = grid.n ** 2;
  const size = levels.length * bins;
  const { one, close } = await readerOf(targets);
  const pick = async (kind: PdfKind, samples: Int32Array) => {
    const data = new Float32Array(samples.length * size);
    for (const [row, sample] of samples.entries()) data.set(await one(kind, sample), row * size);
    checkMass(`the ${kind} PDFs`, { data, bins }, LEAST_MASS[kind]);
    return { data, shape: [samples.length, levels.length, grid.n, grid.n] };
  };
  return {
    read: async (samples) => ({
      raw: await pick("raw", samples),
      filtered: await pick("filtered", samples),
    }),
    close,
  };
}

/** How one sample is read, shape (levels, n, n). */
async function readerOf(targets: Targets) {
  const { levels, grid, traps } = targets;
  const size = levels.length * grid.n ** 2;
  if (!("path" in targets)) {
    const one = (kind: PdfKind, sample: number): ArrayLike<number> =>
      targets[kind].subarray(sample * size, (sample + 1) * size);
    return { one, close: () => undefined };
  }
  const file = await open(targets.path);
  const [window, , trap] = file.variable(VARIABLES.raw).dimensions as readonly string[];
  const one = async (kind: PdfKind, sample: number): Promise<ArrayLike<number>> => {
    const at = { [window!]: Math.floor(sample / traps.length), [trap!]: sample % traps.length };
    return (await file.variable(VARIABLES[kind]).read(at)).data;
  };
  return { one, close: () => file.close() };
}

/**
 * Filtered PDFs of one level.
 *
 * @param level   counted from the deepest
 * @param samples which, all by default
 * @returns shape (samples, bins)
 */
export async function levelMaps(
  pdfs: Targets & Pick<PdfFacts, "windows">,
  level: number,
  samples?: Int32Array,
): Promise<Maps> {
  const count = pdfs.windows.length * pdfs.traps.length;
  const wanted = samples ?? Int32Array.from({ length: count }, (_, s) => s);
  const bins = pdfs.grid.n ** 2;
  const data = new Float32Array(wanted.length * bins);
  const { one, close } = await readerOf(pdfs);
  try {
    for (const [row, sample] of wanted.entries()) {
      const maps = Float32Array.from(await one("filtered", sample));
      data.set(maps.subarray(level * bins, (level + 1) * bins), row * bins);
    }
  } finally {
    close();
  }
  return { data, bins };
}

/**
 * Mean of the filtered PDFs of one level, divided by its sum: what one would expect without any
 * network.
 *
 * @param samples which to average
 */
export async function meanLevelMap(
  pdfs: Targets & Pick<PdfFacts, "windows">,
  level: number,
  samples: Int32Array,
): Promise<Float32Array> {
  const bins = pdfs.grid.n ** 2;
  const sum = new Float64Array(bins);
  const { one, close } = await readerOf(pdfs);
  try {
    for (const sample of samples) {
      const maps = await one("filtered", sample);
      for (let k = 0; k < bins; k++) sum[k] = sum[k]! + maps[level * bins + k]!;
    }
  } finally {
    close();
  }
  const total = sum.reduce((a, b) => a + b, 0);
  return Float32Array.from(sum, (p) => p / total);
}
