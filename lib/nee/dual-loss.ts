/**
 * The two terms of the loss of EC-ATM as graphs: towers pixel by pixel (L_EC), inversions region by
 * region through an observation operator (L_ATM), joined with learned weights. The equations of
 * Upton et al. (2024) were not at hand as printed; these are reconstructed from its text.
 */

import { ArgumentError } from "../core/index.js";
import {
  abs,
  add,
  constant,
  divide,
  exp,
  gatherRows,
  multiply,
  type Node,
  negate,
  type Objective,
  type ObjectiveContext,
  power,
  reshape,
  square,
  subtract,
  sum,
  sumRows,
} from "../learn/index.js";
import type { Operator } from "./operator.js";

/** Order of the norm over inversions. */
export type NormOrder = 1 | 2 | 3;

/** What the constraint term is made of. */
export interface ConstraintLayout {
  /** the operator on the contributing pixels alone */
  readonly operator: Operator;
  /** month within the window of each slot of the window */
  readonly monthOfSlot: Int32Array;
  /** months of a window */
  readonly months: number;
  readonly inversions: number;
  readonly features: number;
  /** order of the norm, 3 by default in `Training` */
  readonly norm: NormOrder;
}

/** Names of the learned log variances η = log σ². */
export const LOG_VARIANCES = { ec: "logVariance.ec", atm: "logVariance.atm" } as const;

/** Beneath the root, so that its slope stays finite where all inversions are met exactly. */
const TINY = 1e-12;

/**
 * (Σₐ |Ê − a|ᵖ)^(1/p) of each row: the norm of the misses to all inversions (equation 8).
 *
 * @param misses shape (rows, inversions)
 * @returns shape (rows, 1)
 */
export function normOfMisses(misses: Node, norm: NormOrder): Node {
  if (norm === 1) return sum(abs(misses), [1]);
  return power(add(sum(power(add(abs(misses), TINY), norm), [1]), TINY), 1 / norm);
}

/**
 * ½ e^(−η) L + ½ η for each loss, summed (equations 12–14): at its best η = log L, so that the
 * weights balance by themselves and a factor on a loss does not change what is learnt.
 *
 * @see Kendall, Gal & Cipolla (2018), CVPR, 7482
 */
export function weighLosses(losses: readonly (readonly [loss: Node, logVariance: Node])[]): Node {
  return losses
    .map(([loss, logVariance]) => {
      const eta = reshape(logVariance, []);
      return multiply(add(multiply(exp(negate(eta)), loss), eta), 0.5);
    })
    .reduce(add);
}

/** L_EC: mean squared error at towers (equation 5). */
export function towerLoss({ model, batch }: ObjectiveContext): Node {
  const x = batch.towerX!;
  const [samples, rows, features] = x.shape as [number, number, number];
  const output = model({ x: reshape(x, [samples * rows, features]) });
  const target = reshape(batch.towerY!, [samples * rows, 1]);
  return reshape(multiply(sum(square(subtract(output, target))), 1 / (samples * rows)), []);
}

/**
 * L_ATM: what the operator makes of the network's pixels against every inversion, over the range of
 * the inversions, averaged over months and, by area, over regions (equations 6–11).
 *
 * Fields of a batch of one window: `x` (slots · pixels, features), `days` (slots · pixels), `atm`
 * (months · rows, inversions), `range` and `area` (months · rows; area sums to 1 over all).
 *
 * @throws {ArgumentError} if a batch holds more than one window
 */
export function constraintLoss({ model, batch }: ObjectiveContext, layout: ConstraintLayout): Node {
  const { operator, norm, inversions } = layout;
  const rows = layout.months * operator.offset.length;
  if (batch.x!.shape[0] !== 1) {
    const got = String(batch.x!.shape[0]);
    throw new ArgumentError({ what: "windows of a batch", wanted: "1", got });
  }
  const pixels = model({ x: reshape(batch.x!, [-1, layout.features]) });
  const totals = multiply(pixels, reshape(batch.days!, [-1, 1]));
  const seen = observe(totals, layout);
  const column = (name: string) => reshape(batch[name]!, [rows, 1]);
  const misses = subtract(seen, reshape(batch.atm!, [rows, inversions]));
  const scaled = divide(misses, column("range"));
  return reshape(sum(multiply(normOfMisses(scaled, norm), column("area"))), []);
}

/** H · NEE + b of each month of a window, as nodes: shape (months · rows, 1). */
function observe(totals: Node, { operator, monthOfSlot, months }: ConstraintLayout): Node {
  const { rowOf, cellOf, weight, offset, cells } = operator;
  const entries = weight.length;
  const size = monthOfSlot.length * entries;
  const from = new Int32Array(size);
  const to = new Int32Array(size);
  const weights = new Float32Array(size);
  for (const [slot, month] of monthOfSlot.entries()) {
    for (let e = 0; e < entries; e++) {
      const at = slot * entries + e;
      from[at] = slot * cells + cellOf[e]!;
      to[at] = month * offset.length + rowOf[e]!;
      weights[at] = weight[e]!;
    }
  }
  const parts = multiply(gatherRows(totals, from), constant({ data: weights, shape: [size, 1] }));
  const rows = months * offset.length;
  const offsets = Float32Array.from({ length: rows }, (_, i) => offset[i % offset.length]!);
  return add(sumRows(parts, to, rows), constant({ data: offsets, shape: [rows, 1] }));
}

/** The loss of EC-ATM (equation 14). */
export function dualLoss(layout: ConstraintLayout): Objective {
  return (context) =>
    weighLosses([
      [towerLoss(context), context.extra[LOG_VARIANCES.ec]!],
      [constraintLoss(context, layout), context.extra[LOG_VARIANCES.atm]!],
    ]);
}
