/** Which PDFs a loss counts: filtered ones, or raw ones too. */

import { ArgumentError } from "../core/index.js";

/** The loss of the papers' code: filtered and raw targets mixed. */
export const PAPER_LOSS = { filtered: 0.8, raw: 0.2 } as const;

/** The loss of the papers' text: filtered targets alone. */
export const PLAIN_LOSS = { filtered: 1 } as const;

/**
 * A loss that counts filtered targets by a weight, raw ones by the rest.
 *
 * @throws {ArgumentError} if the weight is no share
 */
export function mixedLoss(filtered: number): Readonly<Record<string, number>> {
  if (!(filtered > 0 && filtered <= 1)) {
    const wanted = "above 0, and 1 at most";
    throw new ArgumentError({ what: "weight of filtered PDFs", wanted, got: `${filtered}` });
  }
  const raw = Number((1 - filtered).toFixed(12)); // 0.2 beside 0.8, to the last digit
  return raw === 0 ? PLAIN_LOSS : { filtered, raw };
}
