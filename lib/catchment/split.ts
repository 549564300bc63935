/**
 * Training, validation and test parts of a record, with a gap between the first two so that no
 * window of one is correlated with a window of the other.
 *
 * @see Picard et al. (2024), section 3.2
 */

import { ArgumentError } from "../core/index.js";

/** Indices of windows, each part in order of time. */
export interface Split {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/**
 * Cut a record of windows into a training part and, after a gap, a validation part.
 *
 * @param times window times in order, shape (n) [s]
 * @param share of the windows that go to training, before the gap is taken
 * @param gap   least time between the two parts [s]; the papers leave 100 days
 * @throws {ArgumentError} if times are not in order, or one of the parts would be empty
 */
export function splitByTime(times: ArrayLike<number>, share: number, gap: number): Split {
  for (let i = 1; i < times.length; i++) {
    if (times[i]! >= times[i - 1]!) continue;
    throw new ArgumentError({ what: `times[${i}]`, wanted: "times in order", got: `${times[i]}` });
  }
  const count = Math.floor(share * times.length);
  const train = Array.from({ length: count }, (_, i) => i);
  const last = times[count - 1] ?? Number.NaN;
  const validation: number[] = [];
  for (let i = count; i < times.length; i++) if (times[i]! - last >= gap) validation.push(i);
  if (train.length === 0 || validation.length === 0) {
    const empty = train.length === 0 ? "training" : "validation";
    throw new ArgumentError({
      what: `${empty} part`,
      wanted: "at least one window",
      got: `none of ${times.length} windows (share ${share}, gap ${gap / 86400} d)`,
      remedy: "use a longer record or a shorter gap",
    });
  }
  return { train, validation };
}

/** Numbers of all samples of some windows: trap fastest, as in `SourcePdfs`. */
export function samplesOfWindows(windows: readonly number[], traps: number): Int32Array {
  return Int32Array.from(
    windows.flatMap((w) => Array.from({ length: traps }, (_, t) => w * traps + t)),
  );
}
