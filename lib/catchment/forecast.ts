/** What a forecaster says of samples: the median of its members, their spread, each of them. */

import { ArgumentError } from "../core/index.js";
import { outputShape, predictEnsemble } from "../learn/index.js";
import { type Maps, mapsOfLevel } from "./evaluation.js";
import type { CatchmentForecaster } from "./forecaster.js";
import { checkNormalised } from "./imagecheck.js";
import { channelsOf, type ImageLayout, type ImageSource } from "./images.js";
import { imageSource } from "./training-source.js";

/** What to predict with. */
export interface ForecastOptions {
  /** moments of the batch norms: `running` ones of training, or those of each `batch` */
  readonly batchNorm: "running" | "batch";
  /** how many members; all by default */
  readonly members?: number;
  /** which level's maps, counted from the deepest; the uppermost by default */
  readonly level?: number;
  /** whether what each member says is given too */
  readonly single?: "kept" | "dropped";
}

/** What the members say together; each of shape (samples, bins). */
export interface Forecast {
  /** pixelwise median of the members, divided by its sum */
  readonly median: Maps;
  /** pixelwise standard deviation of the members; its mean over bins is the papers' SD index */
  readonly spread: Maps;
  /** what each member says alone, where that was to be kept */
  readonly members?: readonly Maps[];
}

/** Samples at a time: bounds memory, and a multiple of the batches of 32. */
const CHUNK = 64;

/**
 * Predict the PDFs of samples at one level, a few samples at a time.
 *
 * @throws {ArgumentError} if the images do not have the depths, dates and size that the network was
 *   trained with, or lie far outside the values it was normalised by, naming the channel
 */
export async function forecast(
  forecaster: CatchmentForecaster,
  images: ImageSource,
  { batchNorm, members = forecaster.members.length, level, single }: ForecastOptions,
): Promise<Forecast> {
  checkImages(forecaster, images);
  const bins = images.n ** 2;
  const maps = outputShape(forecaster.network)[0]!;
  const models = forecaster.members.slice(0, members);
  const made = () => ({ data: new Float32Array(images.count * bins), bins });
  const found = { median: made(), spread: made() };
  const alone = single === "kept" ? models.map(made) : [];
  const put = (into: Maps, said: Float32Array, from: number) => {
    into.data.set(mapsOfLevel(said, maps, level ?? maps - 1, bins).data, from * bins);
  };
  const samples = Int32Array.from({ length: images.count }, (_, s) => s);
  const source = imageSource(images, forecaster.normalisation, samples);
  for (let start = 0; start < images.count; start += CHUNK) {
    const { x } = source.read(samples.subarray(start, start + CHUNK));
    const answer = await predictEnsemble(
      models,
      { x },
      {
        ...{ batchNorm, normalise: "maps" },
        onMembers: (said, from) => {
          for (const [m, own] of alone.entries()) put(own, said[m]!, start + from);
        },
      },
    );
    for (const name of ["median", "spread"] as const) put(found[name], answer[name].data, start);
  }
  return single === "kept" ? { ...found, members: alone } : found;
}

function checkImages(
  { name, layout, grid, normalisation }: CatchmentForecaster,
  images: ImageSource,
) {
  const say = (of: ImageLayout, n: number) =>
    `${channelsOf(of)} channels of ${n} × ${n}, depths ${of.depths.join(", ")} m, ${of.dates.length} dates`;
  const [wanted, got] = [say(layout, grid.n), say(images.layout, images.n)];
  if (wanted !== got) {
    throw new ArgumentError({
      what: `images for ${name}`,
      wanted: `${wanted}, as in training`,
      got,
      remedy: "cut the images by the layout the network was trained with",
    });
  }
  checkNormalised(name, normalisation, images);
}
