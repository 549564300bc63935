/**
 * Finding [H⁺] (total scale, mol per kg of seawater): alkalinity as a function of [H⁺], and Newton's
 * method in ln [H⁺] kept inside a shrinking bracket, from the start of Munhoven (2013), Geosci.
 * Model Dev. 6, 1367–1388: it converges for every alkalinity.
 */

import { NumericError } from "../core/index.js";
import type { Equilibrium } from "./carbonate-equilibrium.js";

/** Totals of minor acids [mol kg⁻¹]. */
export interface MinorAcids {
  readonly phosphate: number;
  readonly silicate: number;
  readonly ammonia: number;
  readonly sulfide: number;
}

/** A function of [H⁺] that writes its value and its derivative to ln [H⁺] into `out`. */
export type HydrogenFunction = (hydrogen: number, out: Float64Array) => void;

/** Alkalinity as a function of [H⁺] when DIC [mol kg⁻¹] is known. */
export function alkalinityFromDic(
  k: Equilibrium,
  minor: MinorAcids,
  dic: number,
): HydrogenFunction {
  return (h, out) => {
    addMinorAlkalinity(k, minor, h, out);
    addCarbonateAlkalinity(k, dic, h, out);
  };
}

/** Add the alkalinity of bicarbonate and carbonate and its derivative to ln [H⁺]. */
export function addCarbonateAlkalinity(
  k: Equilibrium,
  dic: number,
  h: number,
  out: Float64Array,
): void {
  const sum = h * h + k.k1 * (h + k.k2);
  out[0] = out[0]! + (dic * k.k1 * (h + 2 * k.k2)) / sum;
  out[1] = out[1]! - (dic * k.k1 * h * (h * (h + 4 * k.k2) + k.k1 * k.k2)) / (sum * sum);
}

/** Write all alkalinity but carbonate's, and its derivative to ln [H⁺], into `out`. */
export function addMinorAlkalinity(
  k: Equilibrium,
  minor: MinorAcids,
  h: number,
  out: Float64Array,
): void {
  const boronSum = k.kb + h;
  const free = h / (1 + k.sulfate / k.ks);
  const sulfateSum = k.ks + free;
  const fluorideSum = k.kf + free;
  const hydroxide = k.kw / h;
  const bisulfate = (k.sulfate * free) / sulfateSum;
  const fluoride = (k.fluoride * free) / fluorideSum;
  out[0] = (k.boron * k.kb) / boronSum + hydroxide - free - bisulfate - fluoride;
  out[1] =
    (-k.boron * k.kb * h) / (boronSum * boronSum) -
    hydroxide -
    free -
    (bisulfate * k.ks) / sulfateSum -
    (fluoride * k.kf) / fluorideSum;
  if (minor.phosphate > 0) addPhosphate(k, minor.phosphate, h, out);
  if (minor.silicate > 0) addMonoprotic(k.ksi, minor.silicate, h, out);
  if (minor.ammonia > 0) addMonoprotic(k.kNh3, minor.ammonia, h, out);
  if (minor.sulfide > 0) addMonoprotic(k.kH2s, minor.sulfide, h, out);
}

function addMonoprotic(k: number, total: number, h: number, out: Float64Array): void {
  const sum = k + h;
  out[0] = out[0]! + (total * k) / sum;
  out[1] = out[1]! - (total * k * h) / (sum * sum);
}

/** Phosphate counts against H₂PO₄⁻: −1 H₃PO₄, 0, +1 HPO₄²⁻, +2 PO₄³⁻. */
function addPhosphate(k: Equilibrium, total: number, h: number, out: Float64Array): void {
  const a = h * h * h;
  const b = k.kp1 * h * h;
  const c = k.kp1 * k.kp2 * h;
  const d = k.kp1 * k.kp2 * k.kp3;
  const sum = a + b + c + d;
  const mean = (c + 2 * d - a) / sum;
  const protons = (3 * a + 2 * b + c) / sum;
  const cross = (c - 3 * a) / sum;
  out[0] = out[0]! + total * mean;
  out[1] = out[1]! + total * (cross - mean * protons);
}

/**
 * Find [H⁺] with f([H⁺]) = target by Newton's method in ln [H⁺] inside a bracket.
 *
 * @param evaluate f and df/dln[H⁺], falling in [H⁺] (or rising, around `start`)
 * @param start    first guess [mol kg⁻¹]
 * @param out      two numbers of scratch space
 * @throws {NumericError} if 100 steps do not do
 */
export function findHydrogen(
  evaluate: HydrogenFunction,
  target: number,
  start: number,
  out = new Float64Array(2),
): number {
  let low = 1e-15;
  let high = 10;
  let h = start;
  for (let i = 0; i < 100; i++) {
    evaluate(h, out);
    const miss = out[0]! - target;
    const step = -miss / out[1]!;
    if (Math.abs(step) < 1e-13) return h;
    if (step > 0) low = h;
    else high = h;
    const next = h * Math.exp(Math.max(-5, Math.min(5, step)));
    h = next > low && next < high ? next : Math.sqrt(low * high);
  }
  throw new NumericError({
    what: "carbonate solver",
    wanted: "convergence",
    got: `pH ${-Math.log10(h)}`,
  });
}

/** Munhoven's first guess of [H⁺] from DIC and alkalinity [mol kg⁻¹]. */
export function startHydrogen(k: Equilibrium, dic: number, alkalinity: number): number {
  if (alkalinity <= 0) return 1e-3;
  if (alkalinity >= 2 * dic + k.boron) return 1e-10;
  const r = dic / alkalinity;
  const b = k.boron / alkalinity;
  const c2 = k.kb * (1 - b) + k.k1 * (1 - r);
  const c1 = k.k1 * (k.kb * (1 - b - r) + k.k2 * (1 - 2 * r));
  const c0 = k.k1 * k.k2 * k.kb * (1 - b - 2 * r);
  const discriminant = c2 * c2 - 3 * c1;
  if (discriminant <= 0) return 1e-7;
  const root = Math.sqrt(discriminant);
  const bottom = c2 < 0 ? (root - c2) / 3 : -c1 / (c2 + root);
  const height = -(c0 + bottom * (c1 + bottom * (c2 + bottom)));
  return height > 0 ? bottom + Math.sqrt(height / root) : 1e-7;
}
