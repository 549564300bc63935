/** Whether images are what a network was trained on: as many channels, and values like those it knows. */

import { ArgumentError } from "../core/index.js";
import { channelsOf, type ImageSource, type Normalisation, normalisationOf } from "./images.js";

/** Channel means that lie further than this many standard deviations off are refused. */
const FAR = 6;

/** Images looked at. */
const FEW = 8;

/**
 * Refuse images that a network was not trained for.
 *
 * @param name of the network, for the message
 * @throws {ArgumentError} if channels are too many or too few, or one lies far outside the values the
 *         network was normalised by, as with kelvin for °C, naming the channel
 */
export function checkNormalised(
  name: string,
  normalisation: Normalisation,
  images: ImageSource,
): void {
  const [known, given] = [normalisation.mean.length, channelsOf(images.layout)];
  if (known !== given) {
    throw new ArgumentError({
      what: `images for ${name}`,
      wanted: `${known} channels, as in training`,
      got: `${given} of ${images.layout.name}`,
      remedy: "cut the images by the input the network was trained with",
    });
  }
  const few = Int32Array.from({ length: Math.min(FEW, images.count) }, (_, k) =>
    Math.floor((k * images.count) / FEW),
  );
  const { mean } = normalisationOf(images, few);
  const far = mean.findIndex(
    (value, c) => Math.abs(value - normalisation.mean[c]!) > FAR * normalisation.sd[c]!,
  );
  if (far < 0) return;
  throw new ArgumentError({
    what: `channel ${far} of the images for ${name}`,
    wanted: `about ${normalisation.mean[far]!.toPrecision(4)} ± ${normalisation.sd[far]!.toPrecision(2)}, as in training`,
    got: `a mean of ${mean[far]!.toPrecision(4)}`,
    remedy: "use the units of the training images",
  });
}
