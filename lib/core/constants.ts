/** Physical constants and unit conversions, each with its unit and source. */

/** Conventional standard acceleration of free fall [m s⁻²] (CGPM 1901). */
export const GRAVITY = 9.80665;

/** Mean Earth radius R1 [m] (IUGG; Moritz 2000). */
export const EARTH_RADIUS = 6371008.7714;

/** Earth's rotation rate [rad s⁻¹] (IERS conventions 2010). */
export const EARTH_ROTATION = 7.292115e-5;

/** Seconds in a day [s d⁻¹]. */
export const SECONDS_PER_DAY = 86400;

/** Degrees to radians [rad deg⁻¹]. */
export const RADIANS_PER_DEGREE = Math.PI / 180;

/** Molar mass of carbon [g mol⁻¹] (IUPAC 2021). */
export const CARBON_MOLAR_MASS = 12.011;

/** Molar gas constant [J mol⁻¹ K⁻¹] (CODATA 2018, exact). */
export const GAS_CONSTANT = 8.31446261815324;

/** Zero of the Celsius scale [K]. */
export const ZERO_CELSIUS = 273.15;

/** Coriolis parameter f = 2Ω sin φ [s⁻¹] at a latitude [degrees north]. */
export function coriolis(latitudeDegrees: number): number {
  return 2 * EARTH_ROTATION * Math.sin(latitudeDegrees * RADIANS_PER_DEGREE);
}
