/** Judging a classifier: confusion matrix, precision and recall per class, calibration. */

import { ArgumentError, shapeError } from "../core/index.js";

/** How a classifier did, class by class. */
export interface Confusion {
  /** shape (k, k), row-major: rows are true classes, columns predicted ones */
  readonly counts: Float64Array;
  readonly classes: number;
  /** share of all points that are right */
  readonly accuracy: number;
  /** per class: right / all that truly are of it; NaN for a class without points */
  readonly recall: Float64Array;
  /** per class: right / all called so; NaN for a class never called */
  readonly precision: Float64Array;
  /** per class: points that truly are of it */
  readonly support: Float64Array;
}

/**
 * Count true against predicted classes 0…k−1.
 *
 * @throws {ShapeError}    if the two differ in length
 * @throws {ArgumentError} if a class is none of them
 */
export function confusion(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): Confusion {
  if (truth.length !== predicted.length) {
    throw shapeError("predicted classes", [truth.length], [predicted.length]);
  }
  const counts = new Float64Array(classes * classes);
  const isClass = (label: number) => Number.isInteger(label) && label >= 0 && label < classes;
  for (let i = 0; i < truth.length; i++) {
    const [is, called] = [truth[i]!, predicted[i]!];
    if (!(isClass(is) && isClass(called))) {
      const got = `${is} called ${called} at ${i}`;
      throw new ArgumentError({ what: "classes", wanted: `0 to ${classes - 1}`, got });
    }
    const at = is * classes + called;
    counts[at] = counts[at]! + 1;
  }
  return confusionOf(counts, classes);
}

/** The scores of counts already made, shape (classes, classes), rows true. */
export function confusionOf(counts: Float64Array, classes: number): Confusion {
  if (counts.length !== classes ** 2)
    throw shapeError("counts", [classes, classes], [counts.length]);
  const support = new Float64Array(classes);
  const called = new Float64Array(classes);
  let right = 0;
  for (let i = 0; i < classes; i++) {
    right += counts[i * classes + i]!;
    for (let j = 0; j < classes; j++) {
      support[i] = support[i]! + counts[i * classes + j]!;
      called[j] = called[j]! + counts[i * classes + j]!;
    }
  }
  const diagonal = support.map((_, i) => counts[i * classes + i]!);
  return {
    counts,
    classes,
    accuracy: right / support.reduce((sum, x) => sum + x, 0),
    recall: diagonal.map((x, i) => x / support[i]!),
    precision: diagonal.map((x, i) => x / called[i]!),
    support,
  };
}

/** How far a classifier's confidence can be believed. */
export interface Calibration {
  /** per bin of confidence: mean confidence, share right, points; NaN where a bin is empty */
  readonly confidence: Float64Array;
  readonly accuracy: Float64Array;
  readonly counts: Float64Array;
  /** mean |confidence − accuracy|, weighted by points */
  readonly expectedError: number;
}

/**
 * Compare the probability of the chosen class with how often it is right.
 *
 * @param probabilities shape (n, k), row-major; rows sum to 1
 * @param truth         shape (n,), 0…k−1
 * @param bins          equal bins of confidence from 0 to 1
 * @see Guo et al. (2017), Proc. ICML 70, 1321–1330
 */
export function calibration(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  bins = 10,
): Calibration {
  const n = truth.length;
  const k = probabilities.length / n;
  const counts = new Float64Array(bins);
  const confidence = new Float64Array(bins);
  const accuracy = new Float64Array(bins);
  for (let i = 0; i < n; i++) {
    let chosen = 0;
    for (let j = 1; j < k; j++) {
      if (probabilities[i * k + j]! > probabilities[i * k + chosen]!) chosen = j;
    }
    const sure = probabilities[i * k + chosen]!;
    const bin = Math.min(bins - 1, Math.floor(sure * bins));
    counts[bin] = counts[bin]! + 1;
    confidence[bin] = confidence[bin]! + sure;
    accuracy[bin] = accuracy[bin]! + (chosen === truth[i] ? 1 : 0);
  }
  let expectedError = 0;
  for (let bin = 0; bin < bins; bin++) {
    expectedError += Math.abs(confidence[bin]! - accuracy[bin]!) / n;
    confidence[bin] = confidence[bin]! / counts[bin]!;
    accuracy[bin] = accuracy[bin]! / counts[bin]!;
  }
  return { confidence, accuracy, counts, expectedError };
}
