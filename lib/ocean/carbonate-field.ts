/**
 * fCO2 of whole fields from DIC, alkalinity, temperature and salinity, and its local sensitivity
 * to each of them. Missing values are NaN and stay NaN.
 */

import { ArgumentError, shapeError, ZERO_CELSIUS } from "../core/index.js";
import { equilibriumOf, fillSurface } from "./carbonate-constants.js";
import {
  BEST_PRACTICE,
  type CarbonateChoice,
  checkChoice,
  makeEquilibrium,
} from "./carbonate-equilibrium.js";
import {
  addCarbonateAlkalinity,
  addMinorAlkalinity,
  findHydrogen,
  startHydrogen,
} from "./carbonate-hydrogen.js";

/** Fields of the surface ocean, all of one length; NaN where there is none. */
export interface CarbonateFields {
  /** dissolved inorganic carbon [µmol kg⁻¹] */
  readonly dic: ArrayLike<number>;
  /** total alkalinity [µmol kg⁻¹] */
  readonly alkalinity: ArrayLike<number>;
  /** [°C] */
  readonly temperature: ArrayLike<number>;
  /** practical salinity */
  readonly salinity: ArrayLike<number>;
  /** total phosphate [µmol kg⁻¹], 0 by default; NaN counts as 0 */
  readonly phosphate?: ArrayLike<number>;
  /** total silicate [µmol kg⁻¹], 0 by default; NaN counts as 0 */
  readonly silicate?: ArrayLike<number>;
}

/** fCO2 of a field, and how many cells have none. */
export interface FugacityField {
  /** [µatm]; NaN where it is missing */
  readonly fco2: Float64Array;
  /** cells where an input is NaN */
  readonly missing: number;
  /** cells refused because an input is no number a sea can have (DIC ≤ 0, S < 0, …) */
  readonly refused: number;
}

/**
 * fCO2 of every cell of surface fields.
 *
 * @throws {ShapeError}    if the fields differ in length
 * @throws {ArgumentError} if the median of a field shows that it is in another unit, or a constant is
 *                         chosen by an unknown name
 */
export function fugacityField(
  fields: CarbonateFields,
  choice: CarbonateChoice = BEST_PRACTICE,
): FugacityField {
  checkFields(fields);
  const n = fields.dic.length;
  const fco2 = new Float64Array(n).fill(Number.NaN);
  const solve = fields.phosphate || fields.silicate ? makeFullSolver(choice) : makeSolver(choice);
  let missing = 0;
  let refused = 0;
  for (let i = 0; i < n; i++) {
    const dic = fields.dic[i]!;
    const alkalinity = fields.alkalinity[i]!;
    const t = fields.temperature[i]!;
    const s = fields.salinity[i]!;
    if (Number.isNaN(dic + alkalinity + t + s)) missing++;
    else if (!(dic > 0 && alkalinity > 0 && s >= 0 && s <= 60 && t >= -5 && t <= 60)) refused++;
    else {
      const phosphate = fields.phosphate?.[i] || 0;
      const silicate = fields.silicate?.[i] || 0;
      fco2[i] = solve(dic, alkalinity, t, s, phosphate, silicate);
    }
  }
  return { fco2, missing, refused };
}

/** fCO2 [µatm] of one cell. */
type CellSolver = (
  dic: number,
  alkalinity: number,
  t: number,
  s: number,
  phosphate: number,
  silicate: number,
) => number;

/** Without nutrients: only the constants of carbonate, borate and water are evaluated. */
function makeSolver(choice: CarbonateChoice): CellSolver {
  checkChoice(choice);
  const k = makeEquilibrium();
  const none = { phosphate: 0, silicate: 0, ammonia: 0, sulfide: 0 };
  const out = new Float64Array(2);
  let carbon = 0;
  function evaluate(h: number, to: Float64Array): void {
    addMinorAlkalinity(k, none, h, to);
    addCarbonateAlkalinity(k, carbon, h, to);
  }
  return (dic, alkalinity, t, s) => {
    fillSurface(k, t + ZERO_CELSIUS, s, choice);
    carbon = dic * 1e-6;
    const target = alkalinity * 1e-6;
    const h = findHydrogen(evaluate, target, startHydrogen(k, carbon, target), out);
    return (dic * h * h) / ((h * h + k.k1 * (h + k.k2)) * k.k0);
  };
}

function makeFullSolver(choice: CarbonateChoice): CellSolver {
  const out = new Float64Array(2);
  return (dic, alkalinity, t, s, phosphate, silicate) => {
    const k = equilibriumOf({ temperature: t, salinity: s }, choice);
    const carbon = dic * 1e-6;
    const target = alkalinity * 1e-6;
    const minor = {
      phosphate: phosphate * 1e-6,
      silicate: silicate * 1e-6,
      ammonia: 0,
      sulfide: 0,
    };
    function evaluate(h: number, to: Float64Array): void {
      addMinorAlkalinity(k, minor, h, to);
      addCarbonateAlkalinity(k, carbon, h, to);
    }
    const h = findHydrogen(evaluate, target, startHydrogen(k, carbon, target), out);
    return (dic * h * h) / ((h * h + k.k1 * (h + k.k2)) * k.k0);
  };
}

/** How fCO2 answers each driver alone. */
export interface FugacitySensitivity {
  /** ∂fCO2/∂T [µatm K⁻¹] */
  readonly temperature: number;
  /** ∂fCO2/∂DIC [µatm per µmol kg⁻¹] */
  readonly dic: number;
  /** ∂fCO2/∂alkalinity [µatm per µmol kg⁻¹] */
  readonly alkalinity: number;
  /** ∂fCO2/∂S [µatm] */
  readonly salinity: number;
}

/**
 * Partial derivatives of fCO2 at one point, by central differences.
 *
 * The step of each is 1e-4 of its natural size, where truncation and rounding are both below 1e-7.
 */
export function fugacitySensitivity(
  at: { dic: number; alkalinity: number; temperature: number; salinity: number },
  choice: CarbonateChoice = BEST_PRACTICE,
): FugacitySensitivity {
  const solve = makeSolver(choice);
  const steps = { temperature: 2e-3, dic: 0.2, alkalinity: 0.2, salinity: 4e-3 };
  function slope(name: keyof typeof steps): number {
    const [up, down] = [1, -1].map((sign) => {
      const x = { ...at, [name]: at[name] + sign * steps[name] };
      return solve(x.dic, x.alkalinity, x.temperature, x.salinity, 0, 0);
    });
    return (up! - down!) / (2 * steps[name]);
  }
  return {
    temperature: slope("temperature"),
    dic: slope("dic"),
    alkalinity: slope("alkalinity"),
    salinity: slope("salinity"),
  };
}

/** What the median of an ocean field must lie in, and how another unit shows. */
const UNITS = {
  dic: [200, 10000, "µmol kg⁻¹"],
  alkalinity: [200, 10000, "µmol kg⁻¹"],
  temperature: [-5, 60, "°C"],
  salinity: [1, 60, "practical salinity"],
} as const;

function checkFields(fields: CarbonateFields): void {
  const n = fields.dic.length;
  for (const name of [
    ...Object.keys(UNITS),
    "phosphate",
    "silicate",
  ] as (keyof CarbonateFields)[]) {
    const length = fields[name]?.length ?? n;
    if (length !== n) throw shapeError(name, [n], [length]);
  }
  for (const [name, [low, high, unit]] of Object.entries(UNITS)) {
    const median = medianOf(fields[name as keyof typeof UNITS]);
    if (Number.isNaN(median) || (median >= low && median <= high)) continue;
    throw new ArgumentError({
      what: name,
      wanted: `${unit}, median between ${low} and ${high}`,
      got: `median ${median.toPrecision(4)}${guessUnit(name, median)}`,
      remedy: "convert the field before; µmol m⁻³, mol m⁻³ and mol kg⁻¹ are not converted silently",
    });
  }
}

function guessUnit(name: string, median: number): string {
  if (name === "temperature") return median > 200 ? ", which looks like kelvin" : "";
  if (name === "salinity") return median < 0.1 ? ", which looks like kg kg⁻¹" : "";
  if (median > 0.5 && median < 10) return ", which looks like mol m⁻³ or mmol kg⁻¹";
  return median > 0 && median < 0.1 ? ", which looks like mol kg⁻¹" : "";
}

/** The median of about a thousand known values spread over the field; NaN if none is known. */
function medianOf(values: ArrayLike<number>): number {
  const known: number[] = [];
  const stride = Math.max(1, Math.floor(values.length / 1000));
  for (let i = 0; i < values.length; i += stride) {
    if (!Number.isNaN(values[i]!)) known.push(values[i]!);
  }
  known.sort((a, b) => a - b);
  return known[known.length >> 1] ?? Number.NaN;
}
