/**
 * Formulas of the minor constants: nutrients, ammonia, sulphide, and the carbonate minerals.
 */

import { type Equilibrium, seawaterToTotal } from "./carbonate-equilibrium.js";

/** Fill the constants of nutrients, ammonia, sulphide and the carbonate minerals at the surface. */
export function fillMinor(k: Equilibrium, T: number, S: number): void {
  const lnT = Math.log(T);
  const rootS = Math.sqrt(S);
  const toTotal = seawaterToTotal(k);
  fillPhosphate(k, T, lnT, S, toTotal);
  const ionic = (19.924 * S) / (1000 - 1.005 * S);
  const lnKsi =
    -8904.2 / T +
    117.4 -
    19.334 * lnT +
    (-458.79 / T + 3.5913) * Math.sqrt(ionic) +
    (188.74 / T - 1.5998 + (-12.1652 / T + 0.07871) * ionic) * ionic;
  k.ksi = Math.exp(lnKsi) * (1 - 0.001005 * S) * toTotal;
  k.kH2s = Math.exp(225.838 - 13275.3 / T - 34.6435 * lnT + 0.3449 * rootS - 0.0274 * S);
  k.kNh3 = ammonium(T, S);
  fillMinerals(k, T, lnT, S);
}

function fillPhosphate(k: Equilibrium, T: number, lnT: number, S: number, toTotal: number): void {
  const r = Math.sqrt(S);
  const lnK1 =
    -4576.752 / T +
    115.54 -
    18.453 * lnT +
    (-106.736 / T + 0.69171) * r -
    (0.65643 / T + 0.01844) * S;
  const lnK2 =
    -8814.715 / T +
    172.1033 -
    27.927 * lnT +
    (-160.34 / T + 1.3566) * r +
    (0.37335 / T - 0.05778) * S;
  const lnK3 = -3070.75 / T - 18.126 + (17.27039 / T + 2.81197) * r - (44.99486 / T + 0.09984) * S;
  k.kp1 = Math.exp(lnK1) * toTotal;
  k.kp2 = Math.exp(lnK2) * toTotal;
  k.kp3 = Math.exp(lnK3) * toTotal;
}

/** K of ammonium, total scale (Clegg & Whitfield 1995, eq. 18). */
function ammonium(T: number, S: number): number {
  const rootT = Math.sqrt(T);
  const r = Math.sqrt(S);
  const pK =
    9.244605 -
    2729.33 * (1 / 298.15 - 1 / T) +
    (0.04203362 - 11.24742 / T) * Math.sqrt(r) +
    (-13.6416 + 1.176949 * rootT - 0.02860785 * T + 545.4834 / T) * r +
    (-0.1462507 + 0.0090226468 * rootT - 0.0001471361 * T + 10.5425 / T) * S * r +
    (0.004669309 - 0.0001691742 * rootT - 0.5677934 / T) * S * S +
    (-2.354039e-5 + 0.009698623 / T) * S * S * r;
  return 10 ** -pK * (1 - 0.001005 * S);
}

function fillMinerals(k: Equilibrium, T: number, lnT: number, S: number): void {
  const log10T = lnT / Math.LN10;
  const r = Math.sqrt(S);
  const calcite =
    -171.9065 -
    0.077993 * T +
    2839.319 / T +
    71.595 * log10T +
    (-0.77712 + 0.0028426 * T + 178.34 / T) * r -
    0.07711 * S +
    0.0041249 * r * S;
  const aragonite =
    -171.945 -
    0.077993 * T +
    2903.293 / T +
    71.595 * log10T +
    (-0.068393 + 0.0017276 * T + 88.135 / T) * r -
    0.10018 * S +
    0.0059415 * r * S;
  k.kCalcite = 10 ** calcite;
  k.kAragonite = 10 ** aragonite;
  k.calcium = ((0.02128 / 40.087) * S) / 1.80655;
}
