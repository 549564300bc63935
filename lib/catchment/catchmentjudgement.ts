/**
 * What the scores say of the 2024 paper's claims: the relations by rules that were written before any
 * score they judge, the numbers stated. At the quick size nothing is judged.
 */

import type { Finding, Verdict } from "../figures/index.js";
import { type ClaimedRelation, describeRelation, type Outcome } from "./claimedrelation.js";
import type { Scores } from "./evaluation.js";
import type { StudySize } from "./studyoceans.js";

/** What the judgement needs beside the relations. */
export interface CatchmentFacts {
  readonly size: StudySize;
  /** the rows of table 1 */
  readonly models: readonly Scores[];
  /** share of particles in the right place at losses of 0.2 and 0.3 [%] */
  readonly overlap: readonly [valid: number, quasiValid: number];
  /** r² of monthly failures with the energy of the mean flow and of the eddies, and how many months */
  readonly months: { readonly mean: number; readonly eddy: number; readonly count: number };
}

/**
 * Judge the claims.
 *
 * @param relations as `relate2024` and `relateMonths` measured them in the ocean that no network has seen
 */
export function judgeCatchments(
  relations: readonly ClaimedRelation[],
  { size, models, overlap, months }: CatchmentFacts,
): Finding[] {
  const also: Readonly<Record<string, string>> = {
    "p1-energy-months": `r² of ${months.count} calendar months ${inTwo(months.mean)} with the mean flow's energy, ${inTwo(months.eddy)} with the eddies'`,
  };
  const claims = [...new Set(relations.map(({ claim }) => claim))];
  const judged = claims.map((id): Finding => {
    const own = relations.filter(({ claim }) => claim === id);
    const ours = [...own.map(describeRelation), ...(id in also ? [also[id]!] : [])].join("; ");
    const { verdict, notes } = verdictOf(own, size);
    const note = [...notes, ...(id in KNOWN ? [KNOWN[id]!] : [])].join("; ");
    return { id, ours, verdict, ...(note === "" ? {} : { note }) };
  });
  return [
    ...judged,
    {
      id: "p1-overlap",
      ours: `F ${overlap[0]} % at a loss of 0.2, ${overlap[1]} % at 0.3`,
      verdict: "by construction",
    },
    {
      id: "p1-table1",
      ours: models.map(rowOf).join("; "),
      verdict: "not comparable",
      note: "the twin is another ocean",
    },
  ];
}

/**
 * The verdict on relations that a claim consists of: it differs if one does, and holds if all do.
 *
 * @param outcomes of all its relations, in one ocean or in several
 */
export function verdictOn(outcomes: readonly Outcome[]): Verdict {
  if (outcomes.includes("differs")) return "differs";
  return outcomes.includes("too few") ? "not judged" : "holds";
}

/** What has to be known to weigh a claim. */
const KNOWN: Readonly<Record<string, string>> = {
  "p1-depth-helps":
    "four depths make more passes than the surface, so this is no measure of depth at equal training",
  "p1-ensemble-helps":
    "the loss is convex: the mean of members cannot score worse than they do in the mean, and their median hardly",
};

const QUICK =
  "quick size: small networks, few epochs; stated here, judged at workshop size, and in unseen oceans by validation/catchment-relations.ts";

/** The verdict, and what each relation came to where there are several or too few samples. */
function verdictOf(
  relations: readonly ClaimedRelation[],
  size: StudySize,
): { readonly verdict: Verdict; readonly notes: readonly string[] } {
  if (size === "quick") return { verdict: "not judged", notes: [QUICK] };
  const verdict = verdictOn(relations.map(({ outcome }) => outcome));
  const alone = relations.length === 1 && verdict !== "not judged";
  return { verdict, notes: alone ? [] : relations.map((one) => `${one.name}: ${one.outcome}`) };
}

const inTwo = (share: number) => (Number.isNaN(share) ? "undefined" : share.toFixed(2));

/** A row of table 1: mean loss and classes. */
function rowOf({ model, meanLoss, classes }: Scores): string {
  const shares = Object.values(classes).map((share) => Math.round(100 * share));
  return `${model} ${meanLoss.toFixed(2)}, ${shares.join("/")} %`;
}
