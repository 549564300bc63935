/** Training from files of images and PDFs, such as the published ones, in place of an ocean. */

import { ArgumentError } from "../core/index.js";
import { type OpenSource, subset } from "../learn/index.js";
import { type CatchmentForecaster, type ForecasterOptions, trainOn } from "./forecaster.js";
import { channelsOf } from "./images.js";
import { normalised, tensorMoments } from "./tensorfile.js";

/**
 * Train one member from opened tensors, as `trainForecaster` does from an ocean.
 *
 * @param tensors of `openTensors`
 * @param about   the layout whose channels were opened, and the grid of the PDFs
 * @throws {ArgumentError} if the tensors do not have the layout's channels on the grid
 * @throws {DataError} if a value is not finite, or a PDF does not sum to one, less what left the box
 * @throws {NumericError} if a loss is not finite
 */
export async function trainFromTensors(
  tensors: OpenSource,
  about: Pick<CatchmentForecaster, "layout" | "grid">,
  { train, validation, ...options }: ForecasterOptions,
): Promise<CatchmentForecaster> {
  const [wanted, got] = [[channelsOf(about.layout), about.grid.n], tensors.fields.x!];
  if (wanted.some((size, k) => size !== got[k])) {
    throw new ArgumentError({
      what: "tensors",
      wanted: `${wanted[0]} channels of ${wanted[1]} bins a side, as ${about.layout.name} has`,
      got: `(${got.join(", ")})`,
      remedy: "open the channels of the layout",
    });
  }
  const normalisation = await tensorMoments(tensors, train, about.layout.pdfChannels);
  const part = (samples: Int32Array): OpenSource => ({
    ...normalised(subset(tensors, samples), normalisation),
    close: () => undefined, // the tensors are the caller's
  });
  const data = { ...about, normalisation, train: part(train), validation: part(validation) };
  return trainOn(data, options);
}
