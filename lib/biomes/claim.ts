/** What Mohanty et al. claim, and how a run compares. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How a claim came out. */
export type Verdict = "reproduced" | "holds" | "differs" | "not comparable" | "by construction";

/** A claim of the paper. */
export interface PublishedClaim {
  readonly id: string;
  readonly study: "mohanty2025";
  readonly claim: string;
  readonly paperSays: string;
}

/** The claims, with the paper's numbers (its code and preprint; the final numbers are not open). */
export const CLAIMS = [
  {
    id: "mohanty2025-biomes",
    study: "mohanty2025",
    claim: "The adaptive cut finds a handful of carbon biomes in one month.",
    paperSays: "7 biomes in January 2009 at δ_dist 25, δ_var 0.1, from about 10,725 boxes",
  },
  {
    id: "mohanty2025-regimes",
    study: "mohanty2025",
    claim: "The biomes are subtropical, upwelling, subpolar and sea-ice regimes.",
    paperSays: "7 biomes of these four types",
  },
  {
    id: "mohanty2025-accuracy",
    study: "mohanty2025",
    claim: "A feed-forward network learns the labels.",
    paperSays: "accuracy 0.948 on 2145 boxes; recall 0.23 and 0.00 for the two smallest classes",
  },
  {
    id: "mohanty2025-alternation",
    study: "mohanty2025",
    claim: "Subtropical and subpolar biomes alternate with the seasons over the middle latitudes.",
    paperSays: "subtropical in summer, subpolar in winter (no number)",
  },
  {
    id: "mohanty2025-north-atlantic",
    study: "mohanty2025",
    claim: "Subtropical biomes cover more of the North Atlantic from 1958 to 2018.",
    paperSays: "+10 %",
  },
  {
    id: "mohanty2025-southern-ocean",
    study: "mohanty2025",
    claim: "Subpolar biomes cover more of the Southern Ocean from 1958 to 2018.",
    paperSays: "+10 %",
  },
] as const satisfies readonly PublishedClaim[];

/** What a run found on a claim. */
export interface Finding {
  readonly id: (typeof CLAIMS)[number]["id"];
  readonly weGet: string;
  readonly verdict: Verdict;
  readonly note: string;
}

/** Write findings beside the claims as `<runFolder>/claims/mohanty2025.json`. */
export async function saveFindings(runFolder: string, findings: readonly Finding[]): Promise<void> {
  const joined = findings.map((finding) => {
    const claim = CLAIMS.find(({ id }) => id === finding.id)!;
    return { ...claim, ...finding, ours: finding.weGet };
  });
  await mkdir(join(runFolder, "claims"), { recursive: true });
  const path = join(runFolder, "claims", "mohanty2025.json");
  await writeFile(path, `${JSON.stringify(joined, undefined, 2)}\n`);
}
