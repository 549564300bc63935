/**
 * Samples to train from: normalised images with their PDFs, cut when they are asked for, on any
 * thread. Snapshots and PDFs lie in shared memory, so that members trained side by side hold them once.
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import type { NdArray } from "../core/index.js";
import type { OpenSource, Source, SourceDescription } from "../learn/index.js";
import {
  channelsOf,
  type ImageRecipe,
  type ImageSource,
  makeImages,
  type Normalisation,
} from "./images.js";
import { cutSpeedImages } from "./satelliteimages.js";
import { openTargets, type Targets } from "./targets.js";

/** What the samples are made from; data only. */
interface Ingredients {
  readonly images: ImageRecipe;
  readonly targets: Targets;
  readonly normalisation: Normalisation;
  /** sample numbers */
  readonly samples: Int32Array;
}

/** Normalised images alone, as a source to predict from: field `x`. */
export function imageSource(
  images: ImageSource,
  { mean, sd }: Normalisation,
  samples: Int32Array,
): Images {
  const { n, layout } = images;
  const channels = channelsOf(layout);
  const size = channels * n * n;
  return {
    count: samples.length,
    fields: { x: [channels, n, n] },
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
      return { x: { data: x, shape: [wanted.length, channels, n, n] } };
    },
  };
}

/** Normalised images to predict from; shape (wanted, channels, n, n). */
interface Images extends Pick<Source, "count" | "fields"> {
  read(wanted: Int32Array): { readonly x: NdArray<Float32Array> };
}

/**
 * Normalised images with their PDFs, as a source to train from: fields `x`, `filtered` and `raw`.
 *
 * @param samples which samples, by number
 */
export async function trainingSource(
  images: ImageSource,
  targets: Targets,
  normalisation: Normalisation,
  samples: Int32Array,
): Promise<OpenSource> {
  const { count, fields, read } = imageSource(images, normalisation, samples);
  const { n } = images;
  const map = [targets.levels.length, n, n];
  const pdfs = await openTargets(targets);
  return {
    count,
    fields: { ...fields, filtered: map, raw: map },
    async read(wanted) {
      const rows = Int32Array.from(wanted, (number) => samples[number]!);
      return { ...read(wanted), ...(await pdfs.read(rows)) };
    },
    close: () => pdfs.close(),
  };
}

/** Describe a source, so that worker threads can open it too. */
export function describeSource(
  images: ImageSource,
  targets: Targets,
  normalisation: Normalisation,
  samples: Int32Array,
): SourceDescription {
  const { levels, grid, traps } = targets;
  const where =
    "path" in targets ? { path: targets.path } : { raw: targets.raw, filtered: targets.filtered };
  const argument: Ingredients = {
    images: images.recipe,
    targets: { levels, grid, traps, ...where },
    normalisation,
    samples,
  };
  return { kind: "module", url: builtUrl(), argument };
}

/** Open a described source; what `learn` calls on a worker thread. */
export function openSource(argument: unknown): Promise<OpenSource> {
  const { images, targets, normalisation, samples } = argument as Ingredients;
  return trainingSource(imagesOf(images), targets, normalisation, samples);
}

function imagesOf(recipe: ImageRecipe): ImageSource {
  const { album, windows } = recipe;
  return recipe.kind === "speeds"
    ? cutSpeedImages(album, windows, recipe.options)
    : makeImages(album, windows, recipe.layout, recipe.n);
}

/** This module as built, also when it runs from its source. */
function builtUrl(): string {
  const here = fileURLToPath(import.meta.url);
  const built = here.endsWith(".ts")
    ? here.replace(/lib\/catchment\/([^/]+)\.ts$/, "lib/dist/catchment/$1.js")
    : here;
  return pathToFileURL(built).href;
}
