/** Units of carbon fluxes and what turns them into gC m⁻² d⁻¹. */

import { ArgumentError, CARBON_MOLAR_MASS, SECONDS_PER_DAY } from "../core/index.js";

/** Molar mass of CO₂ [g mol⁻¹]. */
const CO2_MOLAR_MASS = CARBON_MOLAR_MASS + 2 * 15.999;

/** Days of the year by which the inversions of the GCP divide. */
const GCP_YEAR = 365;

/** gC m⁻² d⁻¹ of one unit. */
export const FLUX_UNITS = {
  "gC m-2 d-1": 1,
  "gC m-2 yr-1": 1 / 365.25,
  "umol m-2 s-1": CARBON_MOLAR_MASS * 1e-6 * SECONDS_PER_DAY,
  "mol m-2 s-1": CARBON_MOLAR_MASS * SECONDS_PER_DAY,
  "kg CO2 m-2 s-1": (1000 * SECONDS_PER_DAY * CARBON_MOLAR_MASS) / CO2_MOLAR_MASS,
  "kg C m-2 s-1": 1000 * SECONDS_PER_DAY,
  "PgC m-2 yr-1": 1e15 / GCP_YEAR,
} as const;

/** A unit that is known. */
export type FluxUnit = keyof typeof FLUX_UNITS;

/** Ways in which files write the units. */
const SPELLINGS: readonly (readonly [RegExp, FluxUnit])[] = [
  [/^gc\/?m(-2|\^-2|2)\/?d(ay)?(-1|\^-1)?$/, "gC m-2 d-1"],
  [/^gc\/?m(-2|\^-2|2)\/?y(ea)?r?(-1|\^-1)?$/, "gC m-2 yr-1"],
  [/^(u|µ|micro)mol(co2)?m-2s-1$/, "umol m-2 s-1"],
  [/^mol(co2)?m-2s-1$/, "mol m-2 s-1"],
  [/^kg(co2)?m\*{0,2}-2s\*{0,2}-1$/, "kg CO2 m-2 s-1"],
  [/^kgc?m\*{0,2}-2s\*{0,2}-1$/, "kg C m-2 s-1"],
  [/^pgc\/?m(-2|2)\/?y(ea)?r?(-1)?$/, "PgC m-2 yr-1"],
];

/**
 * The unit that a file means.
 *
 * @throws {ArgumentError} if it is none of those known: a factor is never guessed
 */
export function parseFluxUnit(text: string): FluxUnit {
  const plain = text.toLowerCase().replace(/[\s._()[\]]/g, "");
  const found = SPELLINGS.find(([spelling]) => spelling.test(plain));
  if (found !== undefined) return found[1];
  const wanted = Object.keys(FLUX_UNITS).join(", ");
  throw new ArgumentError({ what: "flux unit", wanted, got: `"${text}"` });
}
