/**
 * The networks' input and targets as files, read sample by sample: `images` over (nb_case, zdim, xdim,
 * ydim) beside the PDFs' file, as the papers' own code reads them. The published files and those
 * written here serve alike; neither is ever held in memory.
 */

import { DataError, ShapeError } from "../core/index.js";
import { createNetcdf, type Dataset, open } from "../io/index.js";
import type { OpenSource, Source } from "../learn/index.js";
import { channelsOf, type ImageLayout, type ImageSource, type Normalisation } from "./images.js";
import { openPdfs, type StoredPdfs } from "./pdffile.js";
import { openTargets } from "./targets.js";

/**
 * Write images as they are in the ocean, one sample at a time; the channels of the initial PDF, which
 * are the same for all, are left out as in the published files.
 *
 * @param attributes global attributes, such as `title` and `source`
 */
export async function writeImages(
  path: string,
  images: ImageSource,
  attributes: Readonly<Record<string, string | number>>,
): Promise<void> {
  const { n, count, layout } = images;
  const observed = channelsOf(layout) - layout.pdfChannels;
  const file = await createNetcdf(path, {
    dimensions: { nb_case: count, zdim: observed, xdim: n, ydim: n },
    attributes: {
      ...attributes,
      depths_m: layout.depths.join(" "),
      dates_d: layout.dates.map((date) => date / 86400).join(" "),
    },
    variables: {
      images: {
        dimensions: ["nb_case", "zdim", "xdim", "ydim"],
        type: "f32",
        chunks: [1, observed, n, n],
        attributes: {
          units: "1",
          long_name: "per date, oldest first: T, vorticity/f, u, v at every depth, then SSH",
        },
      },
    },
  });
  try {
    const image = new Float32Array(channelsOf(layout) * n * n);
    for (let sample = 0; sample < count; sample++) {
      images.fill(sample, image);
      const part = image.subarray(0, observed * n * n);
      file.write("images", part, { nb_case: [sample, sample + 1] });
    }
  } catch (error) {
    file.abort();
    throw error;
  }
  file.close();
}

/** Files of a data set. */
export interface TensorFiles {
  readonly images: string;
  readonly pdfs: string;
}

/** What to read of them. */
export interface TensorOptions {
  /** channels to take, in the file's order; `surfaceChannels` gives those of the surface */
  readonly channels: Int32Array;
  /** channels of the initial PDF that are added, 8 in the papers */
  readonly pdfChannels: number;
}

/** The file's channels that show the surface: 0, 4, 8, 12, 16 + 17 a date in the papers' files. */
export function surfaceChannels({
  depths,
  dates,
}: Pick<ImageLayout, "depths" | "dates">): Int32Array {
  const perDate = 4 * depths.length + 1;
  return Int32Array.from(
    dates.flatMap((_, date) => [0, 1, 2, 3, 4].map((k) => date * perDate + k * depths.length)),
  );
}

/**
 * Open images and PDFs as samples with the fields `x` (as in the ocean), `filtered` and `raw`; case
 * s is trap s mod traps of window ⌊s / traps⌋.
 *
 * @throws {MissingVariableError} if a file lacks its variable
 * @throws {ShapeError} if the files do not have the same samples and maps, or lack a channel
 * @throws {DataError} from `read`, if a PDF does not sum to one, less what left the box
 */
export async function openTensors(
  files: TensorFiles,
  { channels, pdfChannels }: TensorOptions,
): Promise<OpenSource> {
  const stored = await openPdfs(files.pdfs);
  const [images, pdfs] = [await open(files.images), await openTargets(stored)];
  const close = () => {
    images.close();
    pdfs.close();
  };
  try {
    const { n } = stored.grid;
    const count = checkTensors(files, images, stored, channels);
    const [wide, map] = [channels.length + pdfChannels, [stored.levels.length, n, n]];
    return {
      count,
      fields: { x: [wide, n, n], filtered: map, raw: map },
      close,
      async read(samples) {
        const x = {
          data: new Float32Array(samples.length * wide * n * n),
          shape: [samples.length, wide, n, n],
        };
        for (const [row, sample] of samples.entries()) {
          await readImage(images, { sample, channels, n }, rowOf(x, row));
        }
        return { x, ...(await pdfs.read(samples)) };
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Mean and standard deviation of each channel over some samples, read a few at a time; channels of the
 * initial PDF stay as they are.
 *
 * @throws {DataError} if a value is not finite
 */
export async function tensorMoments(
  source: Source,
  samples: Int32Array,
  pdfChannels: number,
): Promise<Normalisation> {
  const [channels, n] = source.fields.x as readonly [number, number, number];
  const mean = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const weight = 1 / (samples.length * n * n);
  for (const sample of samples) {
    const { x } = await source.read(Int32Array.of(sample));
    for (let c = 0; c < channels - pdfChannels; c++) {
      for (let at = c * n * n; at < (c + 1) * n * n; at++) {
        mean[c] = mean[c]! + weight * x!.data[at]!;
        squares[c] = squares[c]! + weight * x!.data[at]! ** 2;
      }
      if (Number.isFinite(squares[c])) continue;
      throw new DataError({ what: `channel ${c}`, wanted: "finite values", got: `${squares[c]}` });
    }
  }
  const sd = squares.map((square, c) =>
    c < channels - pdfChannels ? Math.sqrt(Math.max(square - mean[c]! ** 2, 1e-12)) : 1,
  );
  return { mean, sd };
}

/** The same samples with normalised images. */
export function normalised(source: Source, { mean, sd }: Normalisation): Source {
  return {
    count: source.count,
    fields: source.fields,
    async read(samples) {
      const values = await source.read(samples);
      const { data, shape } = values.x!;
      const plane = shape[2]! * shape[3]!;
      const x = Float32Array.from(data, (value, at) => {
        const c = Math.floor(at / plane) % mean.length;
        return (value - mean[c]!) / sd[c]!;
      });
      return { ...values, x: { data: x, shape } };
    },
  };
}

interface Tensor {
  readonly data: Float32Array;
  readonly shape: number[];
}

function rowOf({ data, shape }: Tensor, row: number): Float32Array {
  const size = data.length / shape[0]!;
  return data.subarray(row * size, (row + 1) * size);
}

/** How many samples images and PDFs have together. */
function checkTensors(
  files: TensorFiles,
  images: Dataset,
  { windows, traps, grid }: StoredPdfs,
  channels: Int32Array,
): number {
  const { shape } = images.variable("images");
  const [count, held, n] = shape as readonly [number, number, number, number];
  const wanted = windows.length * traps.length;
  const highest = channels.reduce((a, b) => Math.max(a, b), 0);
  if (count === wanted && n === grid.n && highest < held) return count;
  throw new ShapeError({
    where: files.images,
    what: "images",
    wanted: `${wanted} cases of at least ${highest + 1} × ${grid.n} × ${grid.n}, as ${files.pdfs} has`,
    got: `shape (${shape.join(", ")})`,
  });
}

/** Read the channels of one image, then put the initial PDF into those that are left. */
async function readImage(
  images: Dataset,
  { sample, channels, n }: { sample: number; channels: Int32Array; n: number },
  out: Float32Array,
): Promise<void> {
  const variable = images.variable("images");
  const { data } = await variable.read({ [variable.dimensions[0]!]: sample });
  const plane = n * n;
  for (const [k, c] of channels.entries()) {
    for (let at = 0; at < plane; at++) out[k * plane + at] = data[c * plane + at]!;
  }
  for (let from = channels.length * plane; from < out.length; from += plane) {
    for (const i of [n / 2 - 1, n / 2]) {
      for (const j of [n / 2 - 1, n / 2]) out[from + i * n + j] = 0.25;
    }
  }
}
