/** The rules of docs/twins/fluxes.md, applied to what the draws say. */

import type { Finding } from "../figures/index.js";
import type { TwinVerdict } from "./twin.js";

/** Names of the curves that are judged. */
export const TWIN_CURVES = {
  truth: "true",
  predicted: "predicted",
  box: "box 96 km",
  mean: "mean catchment",
} as const;

/** One rule and how it came out on one seed. */
export interface TwinRule {
  readonly id: "order" | "wins" | "lag" | "null";
  readonly holds: boolean;
  readonly ours: string;
}

/**
 * Judge one seed's draws by the rules.
 *
 * @param twin     draws of the twin; raw or deseasonalised
 * @param nullTwin draws of the null twin, weighed alike
 */
export function judgeRules(twin: TwinVerdict, nullTwin: TwinVerdict): TwinRule[] {
  const { truth, predicted, box } = TWIN_CURVES;
  const mean = (verdict: TwinVerdict, name: string) => verdict.meanAtTruth.get(name)!;
  const [a, b, c] = [truth, predicted, box].map((name) => mean(twin, name)) as [
    number,
    number,
    number,
  ];
  const wins = twin.wins(predicted, box);
  const best = medianOf(twin.bestLags.get(predicted)!);
  const nullWins = nullTwin.wins(predicted, box);
  const gap = mean(nullTwin, predicted) - mean(nullTwin, box);
  return [
    {
      id: "order",
      holds: a >= b && b >= c,
      ours: `R² true ${a.toFixed(3)}, predicted ${b.toFixed(3)}, box ${c.toFixed(3)}`,
    },
    { id: "wins", holds: wins >= 0.8, ours: `predicted above box in ${(100 * wins).toFixed(0)} %` },
    {
      id: "lag",
      holds: Math.abs(best - twin.lag) <= 6,
      ours: `median best lag ${best.toFixed(0)} d, true ${twin.lag.toFixed(0)} d`,
    },
    {
      id: "null",
      holds: (nullWins >= 0.3 && nullWins <= 0.7) || Math.abs(gap) < 0.01,
      ours: `null twin: predicted above box in ${(100 * nullWins).toFixed(0)} %, R² apart by ${gap.toFixed(3)}`,
    },
  ];
}

/**
 * In words, how often the prediction beats the mean catchment: knowing the catchment of the day
 * against knowing only how wide catchments are. No rule was written for it beforehand.
 */
export function describeKnowledge(twin: TwinVerdict, nullTwin: TwinVerdict): string {
  const { truth, predicted, mean } = TWIN_CURVES;
  const percent = (verdict: TwinVerdict, name: string) =>
    `${(100 * verdict.wins(name, mean)).toFixed(0)} %`;
  return (
    `above the mean catchment: true in ${percent(twin, truth)}, predicted in ${percent(twin, predicted)} ` +
    `of the draws; in the null twin ${percent(nullTwin, truth)} and ${percent(nullTwin, predicted)}`
  );
}

/** The same as a finding: it decides whether a catchment of the day is known. */
export function reportKnowledge(twin: TwinVerdict, nullTwin: TwinVerdict): Finding {
  return {
    id: "p2-twin-knowledge",
    ours: describeKnowledge(twin, nullTwin),
    verdict: "not judged",
    note: "one seed of this run; no rule was written for it beforehand",
  };
}

/** Findings of the run's own seed: reported, since only three unseen seeds judge. */
export function reportRules(
  raw: readonly TwinRule[],
  deseasonalised: readonly TwinRule[],
): Finding[] {
  return raw.map(({ id, holds, ours }, k) => {
    const other = deseasonalised[k]!;
    const said = (rule: TwinRule) => (rule.holds ? "as ruled" : "not as ruled");
    return {
      id: `p2-twin-${id}`,
      ours: `${ours} (${said({ id, holds, ours })}); season removed: ${other.ours} (${said(other)})`,
      verdict: "not judged",
      note: "one seed of this run; validation/flux-twin.ts judges on three",
    };
  });
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
