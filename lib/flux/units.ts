/** Units of fluxes as files spell them, and their sign. */

import { DataError } from "../core/index.js";

/** Factors to mg m⁻² d⁻¹, by spelling without spaces, carets, stars and dots. */
const FACTORS: Readonly<Record<string, number>> = {
  "mg/m2/d": 1,
  "mg/m2/day": 1,
  "mgm-2d-1": 1,
  "mgm-2day-1": 1,
  "ug/m2/d": 1e-3,
  "ug/m2/day": 1e-3,
  "ugm-2d-1": 1e-3,
  "ugm-2day-1": 1e-3,
  "g/m2/d": 1e3,
  "g/m2/day": 1e3,
  "gm-2d-1": 1e3,
  "gm-2day-1": 1e3,
};

/**
 * The factor from a spelled unit to mg m⁻² d⁻¹.
 *
 * @param where file, row and column, for the message
 * @throws {DataError} if the unit is none of those known: a flux in moles is not guessed at
 */
export function fluxFactor(units: string, where: string): number {
  const factor = FACTORS[spelt(units)];
  if (factor !== undefined) return factor;
  throw new DataError({
    where,
    what: "units of the flux",
    wanted: "mg, µg or g per m2 and day, such as mg/m2/d",
    got: units === "" ? "none" : `"${units}"`,
    remedy: "convert the column, or write its units in brackets behind its name",
  });
}

/**
 * Let a flux pass that is 0 or more, or missing.
 *
 * @throws {DataError} if it is below zero: no flux is
 */
export function checkFlux(value: number, where: string): number {
  if (!(value < 0)) return value;
  throw new DataError({
    where,
    what: "flux",
    wanted: "0 or more; missing samples empty or -9999",
    got: `${value}`,
  });
}

/** A unit without spaces, carets, stars and dots. */
function spelt(units: string): string {
  return units
    .replaceAll(/[\s^*·.]/g, "")
    .replaceAll("²", "2")
    .replaceAll("⁻", "-")
    .replaceAll("¹", "1")
    .replaceAll(/[µμ]/g, "u");
}
