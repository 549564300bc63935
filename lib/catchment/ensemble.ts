/**
 * Many predictions made one: the papers' median and renormalisation, and how far members differ.
 * Members are PDFs of one shape, in one array, shape (members, bins).
 */

import { ArgumentError, shapeError } from "../core/index.js";

/**
 * Pixelwise median of the members, divided by its sum.
 *
 * @param members shape (count, bins)
 * @returns shape (bins), which sums to 1
 * @throws {ShapeError} if the members are not all of one size
 * @throws {ArgumentError} if the median is zero everywhere
 */
export function medianPdf(members: readonly Float32Array[]): Float32Array {
  const bins = binsOf(members);
  const median = new Float32Array(bins);
  const column = new Float64Array(members.length);
  let sum = 0;
  for (let k = 0; k < bins; k++) {
    for (let m = 0; m < members.length; m++) column[m] = members[m]![k]!;
    column.sort();
    const middle = column.length >> 1;
    const value =
      column.length % 2 === 1 ? column[middle]! : (column[middle - 1]! + column[middle]!) / 2;
    median[k] = value;
    sum += value;
  }
  if (!(sum > 0)) {
    throw new ArgumentError({
      what: "median of the members",
      wanted: "some mass",
      got: "zero in every bin",
      remedy: "the members predict places that do not overlap",
    });
  }
  for (let k = 0; k < bins; k++) median[k] = median[k]! / sum;
  return median;
}

/**
 * SD index: the mean over bins of the members' standard deviation (n in the denominator, as the
 * papers' code has it).
 *
 * @throws {ShapeError} if the members are not all of one size
 */
export function sdIndex(members: readonly Float32Array[]): number {
  const bins = binsOf(members);
  let total = 0;
  for (let k = 0; k < bins; k++) {
    let sum = 0;
    let squares = 0;
    for (const member of members) {
      const p = member[k]!;
      sum += p;
      squares += p * p;
    }
    const mean = sum / members.length;
    total += Math.sqrt(Math.max(0, squares / members.length - mean * mean));
  }
  return total / bins;
}

function binsOf(members: readonly Float32Array[]): number {
  const first = members[0];
  if (first === undefined) {
    throw new ArgumentError({ what: "members", wanted: "at least one", got: "none" });
  }
  for (const [m, member] of members.entries()) {
    if (member.length !== first.length) {
      throw shapeError(`member ${m}`, [first.length], [member.length]);
    }
  }
  return first.length;
}
