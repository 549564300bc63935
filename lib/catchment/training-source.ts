/**
 * Samples to train from: normalised images with their PDFs, cut when they are asked for, on any
 * thread. Snapshots and PDFs lie in shared memory, so that members trained side by side hold them once.
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import type { NdArray } from "../core/index.js";
import type { OpenSource, Source, SourceDescription } from "../learn/index.js";
import type { SourcePdfs } from "./experiment.js";
import {
  type Album,
  channelsOf,
  type ImageLayout,
  type ImageSource,
  makeImages,
  type Normalisation,
} from "./images.js";

/** The PDFs that a network is trained towards. */
export type Targets = Pick<SourcePdfs, "levels" | "raw" | "filtered">;

/** What the samples are made from; data only. */
interface Ingredients {
  readonly album: Album;
  readonly windows: Float64Array;
  readonly layout: ImageLayout;
  readonly n: number;
  readonly targets: Targets;
  readonly normalisation: Normalisation;
  /** sample numbers */
  readonly samples: Int32Array;
}

/**
 * Normalised images with their PDFs, as a source to train from: fields `x`, `filtered` and `raw`.
 *
 * @param samples which samples, by number
 */
export function trainingSource(
  images: ImageSource,
  { levels, raw, filtered }: Targets,
  { mean, sd }: Normalisation,
  samples: Int32Array,
): Source {
  const { n, layout } = images;
  const channels = channelsOf(layout);
  const maps = levels.length;
  const size = channels * n * n;
  return {
    count: samples.length,
    fields: { x: [channels, n, n], filtered: [maps, n, n], raw: [maps, n, n] },
    read(wanted) {
      const x = new Float32Array(wanted.length * size);
      for (const [row, number] of wanted.entries()) {
        const image = x.subarray(row * size, (row + 1) * size);
        images.fill(samples[number]!, image);
        for (let c = 0; c < channels; c++) {
          const [middle, scale] = [mean[c]!, 1 / sd[c]!];
          const end = (c + 1) * n * n;
          for (let at = c * n * n; at < end; at++) image[at] = (image[at]! - middle) * scale;
        }
      }
      const rows = Int32Array.from(wanted, (number) => samples[number]!);
      const pdfs = (data: Float32Array) => pickRows(data, rows, [maps, n, n]);
      const shape = [wanted.length, channels, n, n];
      return { x: { data: x, shape }, filtered: pdfs(filtered), raw: pdfs(raw) };
    },
  };
}

/** Describe a source, so that worker threads can open it too. */
export function describeSource(
  { album, windows, layout, n }: ImageSource,
  { levels, raw, filtered }: Targets,
  normalisation: Normalisation,
  samples: Int32Array,
): SourceDescription {
  const targets = { levels, raw, filtered };
  const argument: Ingredients = { album, windows, layout, n, targets, normalisation, samples };
  return { kind: "module", url: builtUrl(), argument };
}

/** Open a described source; what `learn` calls on a worker thread. */
export function openSource(argument: unknown): OpenSource {
  const { album, windows, layout, n, ...rest } = argument as Ingredients;
  const images = makeImages(album, windows, layout, n);
  const source = trainingSource(images, rest.targets, rest.normalisation, rest.samples);
  return { ...source, close: () => undefined };
}

function pickRows(
  data: Float32Array,
  rows: Int32Array,
  sample: readonly number[],
): NdArray<Float32Array> {
  const size = sample.reduce((product, length) => product * length, 1);
  const picked = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) {
    picked.set(data.subarray(row * size, (row + 1) * size), i * size);
  }
  return { data: picked, shape: [rows.length, ...sample] };
}

/** This module as built, also when it runs from its source. */
function builtUrl(): string {
  const here = fileURLToPath(import.meta.url);
  const built = here.endsWith(".ts")
    ? here.replace(/lib\/catchment\/([^/]+)\.ts$/, "lib/dist/catchment/$1.js")
    : here;
  return pathToFileURL(built).href;
}
