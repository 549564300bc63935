/** Samples to train from: normalised images with their PDFs, cut when they are asked for. */

import type { NdArray } from "../core/index.js";
import type { OpenSource, Source } from "../learn/index.js";
import { channelsOf, type ImageSource, type Normalisation } from "./images.js";
import { openTargets, type Targets } from "./targets.js";

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
