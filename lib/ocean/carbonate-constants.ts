/**
 * Formulas of the carbonate system's constants at the surface, and the door to all of them.
 *
 * Constants published on the seawater scale are brought to the total scale. Formulas after
 * Dickson, Sabine & Christian (2007), Guide to best practices for ocean CO2 measurements, where no
 * other source is given.
 */

import { ArgumentError, ZERO_CELSIUS } from "../core/index.js";
import {
  BEST_PRACTICE,
  type CarbonateChoice,
  checkChoice,
  type Equilibrium,
  makeEquilibrium,
  seawaterToTotal,
  type WaterState,
} from "./carbonate-equilibrium.js";
import { fillMinor } from "./carbonate-minor.js";
import { correctForPressure, R_BAR } from "./carbonate-pressure.js";

/**
 * All constants and total salts of a water.
 *
 * @throws {ArgumentError} if temperature, salinity or pressure is no number a sea can have, or a
 *                         constant is chosen by an unknown name
 */
export function equilibriumOf(
  water: WaterState,
  choice: CarbonateChoice = BEST_PRACTICE,
): Equilibrium {
  checkChoice(choice);
  const { temperature, salinity, pressure = 0 } = water;
  requireWithin("temperature", temperature, -5, 60, "°C");
  requireWithin("salinity", salinity, 0, 60, "");
  requireWithin("pressure", pressure, 0, 12000, "dbar");
  const k = makeEquilibrium();
  fillSurface(k, temperature + ZERO_CELSIUS, salinity, choice);
  fillMinor(k, temperature + ZERO_CELSIUS, salinity);
  if (pressure > 0) correctForPressure(k, temperature, pressure / 10);
  return k;
}

/**
 * Fill the constants of carbonate, borate and water at the surface: those a sample without
 * nutrients needs.
 *
 * @param T temperature [K]
 * @param S practical salinity
 */
export function fillSurface(k: Equilibrium, T: number, S: number, choice: CarbonateChoice): void {
  const lnT = Math.log(T);
  const rootS = Math.sqrt(S);
  k.boron = (choice.boron === "lee2010" ? 4.326e-4 : 4.157e-4) * (S / 35);
  k.sulfate = ((0.14 / 96.062) * S) / 1.80655;
  k.fluoride = ((6.7e-5 / 18.998) * S) / 1.80655;
  k.k0 = solubility(T, lnT, S);
  k.fugacityFactor = fugacityFactorAt(T);
  fillScales(k, T, lnT, S, choice);
  fillCarbonicAcid(k, T, lnT, S, choice);
  const kbTop = -8966.9 + rootS * (-2890.53 + rootS * (-77.942 + rootS * (1.728 - 0.0996 * rootS)));
  k.kb = Math.exp(
    kbTop / T +
      148.0248 +
      137.1942 * rootS +
      1.62142 * S -
      (24.4344 + 25.085 * rootS + 0.2474 * S) * lnT +
      0.053105 * rootS * T,
  );
  const millero = choice.water === "millero1995";
  const waterTop = (millero ? 148.9802 : 148.9652) - 13847.26 / T - 23.6521 * lnT - 0.01615 * S;
  k.kw =
    Math.exp(waterTop + (-5.977 + 118.67 / T + 1.0495 * lnT) * rootS) *
    (millero ? seawaterToTotal(k) : 1);
}

/** ln K0 of CO2 (Weiss 1974, eq. 12, table I; mol kg⁻¹ atm⁻¹). */
function solubility(T: number, lnT: number, S: number): number {
  const t = T / 100;
  const lnHundredth = lnT - Math.LN10 * 2;
  return Math.exp(
    -60.2409 +
      93.4517 / t +
      23.3585 * lnHundredth +
      S * (0.023517 + t * (-0.023656 + 0.0047036 * t)),
  );
}

/** fCO2 / pCO2 at 1 atm: virial coefficient B and the cross term δ with air (Weiss 1974). */
function fugacityFactorAt(T: number): number {
  const virial = -1636.75 + T * (12.0408 + T * (-0.0327957 + 3.16528e-5 * T));
  return Math.exp(((virial + 2 * (57.7 - 0.118 * T)) * 1.01325) / (R_BAR * T));
}

function fillScales(
  k: Equilibrium,
  T: number,
  lnT: number,
  S: number,
  choice: CarbonateChoice,
): void {
  const ionic = (19.924 * S) / (1000 - 1.005 * S);
  const rootI = Math.sqrt(ionic);
  const toSeawaterMass = 1 - 0.001005 * S;
  const lnKs =
    -4276.1 / T +
    141.328 -
    23.093 * lnT +
    (-13856 / T + 324.57 - 47.986 * lnT) * rootI +
    (35474 / T - 771.54 + 114.723 * lnT) * ionic +
    ((-2698 * rootI + 1776 * ionic) * ionic) / T;
  k.ks = Math.exp(lnKs) * toSeawaterMass;
  if (choice.hydrogenFluoride === "dickson1979") {
    k.kf = Math.exp(1590.2 / T - 12.641 + 1.525 * rootI) * toSeawaterMass;
  } else {
    const total = Math.exp(874 / T - 9.68 + 0.111 * Math.sqrt(S));
    k.kf = total / (1 + k.sulfate / k.ks);
  }
}

function fillCarbonicAcid(
  k: Equilibrium,
  T: number,
  lnT: number,
  S: number,
  choice: CarbonateChoice,
): void {
  let pK1: number;
  let pK2: number;
  let scale = 1;
  if (choice.carbonicAcid === "lueker2000") {
    pK1 = 3633.86 / T - 61.2172 + 9.6777 * lnT - S * (0.011555 - 0.0001152 * S);
    pK2 = 471.78 / T + 25.929 - 3.16967 * lnT - S * (0.01781 - 0.0001122 * S);
  } else if (choice.carbonicAcid === "mehrbach1973") {
    pK1 = 3670.7 / T - 62.008 + 9.7944 * lnT - S * (0.0118 - 0.000116 * S);
    pK2 = 1394.7 / T + 4.777 - S * (0.0184 - 0.000118 * S);
    scale = seawaterToTotal(k);
  } else {
    const r = Math.sqrt(S);
    pK1 = -126.34048 + 6320.813 / T + 19.568224 * lnT;
    pK1 += 13.4038 * r + 0.03206 * S - 5.242e-5 * S * S;
    pK1 += (-530.659 * r - 5.821 * S) / T - 2.0664 * r * lnT;
    pK2 = -90.18333 + 5143.692 / T + 14.613358 * lnT;
    pK2 += 21.3728 * r + 0.1218 * S - 3.688e-4 * S * S;
    pK2 += (-788.289 * r - 19.189 * S) / T - 3.374 * r * lnT;
    scale = seawaterToTotal(k);
  }
  k.k1 = Math.exp(-Math.LN10 * pK1) * scale;
  k.k2 = Math.exp(-Math.LN10 * pK2) * scale;
}

function requireWithin(what: string, value: number, low: number, high: number, unit: string): void {
  if (value >= low && value <= high) return;
  const wanted = `${low} to ${high} ${unit}`.trim();
  throw new ArgumentError({ what, wanted, got: String(value) });
}
