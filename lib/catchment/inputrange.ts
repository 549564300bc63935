/**
 * Whether what a satellite sees is like what a network was trained on: their distributions beside
 * each other (figure A1 of the 2025 paper), and a warning where they part.
 */

import { channelsOf, type ImageSource } from "./images.js";

/** One quantity in training and as observed. */
export interface InputRange {
  readonly quantity: string;
  readonly units: string;
  /** 1st and 99th percentile in training */
  readonly trained: readonly [number, number];
  /** share of observed values outside these two; 0.02 if the distributions are alike */
  readonly outside: number;
  /** largest difference of the two distributions (Kolmogorov–Smirnov), where both are known */
  readonly distance?: number;
  /** what to think of it, or undefined where nothing is wrong */
  readonly warning?: string;
}

/** Above this share outside, a network has to extrapolate. */
const OUTSIDE_BOUND = 0.1;

/**
 * Compare the values that a network sees with those it learnt from.
 *
 * @param trained  values of the training images, any number
 * @param observed values of the observed images; NaN are left out
 */
export function checkRange(
  quantity: string,
  units: string,
  trained: ArrayLike<number>,
  observed: ArrayLike<number>,
): InputRange {
  const [a, b] = [sorted(trained), sorted(observed)];
  const at = (share: number) => a[Math.round(share * (a.length - 1))]!;
  const range = [at(0.01), at(0.99)] as const;
  const count = b.reduce((sum, value) => sum + (value < range[0] || value > range[1] ? 1 : 0), 0);
  const outside = b.length === 0 ? 1 : count / b.length;
  return warned({ quantity, units, trained: range, outside, distance: distance(a, b) });
}

/** Values of one channel, with the 1st and 99th percentile that it had in training. */
export interface ChannelValues {
  readonly trained: readonly [number, number];
  /** NaN are left out */
  readonly values: ArrayLike<number>;
}

/** Compare the values that a network sees with the percentiles of its training, channel by channel. */
export function checkChannels(
  quantity: string,
  units: string,
  channels: readonly ChannelValues[],
): InputRange {
  let [count, far] = [0, 0];
  for (const { trained, values } of channels) {
    for (let k = 0; k < values.length; k++) {
      if (Number.isNaN(values[k]!)) continue;
      count++;
      if (values[k]! < trained[0] || values[k]! > trained[1]) far++;
    }
  }
  const trained = [
    Math.min(...channels.map((channel) => channel.trained[0])),
    Math.max(...channels.map((channel) => channel.trained[1])),
  ] as const;
  return warned({ quantity, units, trained, outside: count === 0 ? 1 : far / count });
}

function warned(range: Omit<InputRange, "warning">): InputRange {
  const { quantity, units, trained, outside } = range;
  if (outside <= OUTSIDE_BOUND) return range;
  const share = (100 * outside).toFixed(0);
  const warning =
    `${quantity}: ${share} % of the values lie outside what the network was trained on ` +
    `(${trained[0].toPrecision(3)} to ${trained[1].toPrecision(3)} ${units}); do not trust its maps here`;
  return { ...range, warning };
}

/** How many images and which of their cells are enough for percentiles. */
const IMAGES = 48;
const CELL = 7;

/**
 * 1st and 99th percentile of each channel that shows the ocean, over some of a training set's images.
 *
 * @param samples sample numbers of the training
 */
export function channelRanges(
  images: ImageSource,
  samples: Int32Array,
): (readonly [number, number])[] {
  const { layout, n } = images;
  const shown = channelsOf(layout) - layout.pdfChannels;
  const step = Math.max(1, Math.floor(samples.length / IMAGES));
  const picked = samples.filter((_, k) => k % step === 0);
  const cells = Math.ceil(n ** 2 / CELL);
  const values = Array.from({ length: shown }, () => new Float32Array(picked.length * cells));
  const image = new Float32Array(channelsOf(layout) * n * n);
  for (const [k, sample] of picked.entries()) {
    images.fill(sample, image);
    for (const [c, row] of values.entries()) {
      for (let at = 0; at < cells; at++) row[k * cells + at] = image[c * n * n + at * CELL]!;
    }
  }
  return values.map((row) => {
    row.sort();
    const at = (share: number) => row[Math.round(share * (row.length - 1))]!;
    return [at(0.01), at(0.99)] as const;
  });
}

function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
}

/** Largest difference of two cumulative distributions. */
function distance(a: Float64Array, b: Float64Array): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i++;
    while (j < b.length && b[j]! <= value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}
