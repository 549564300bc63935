/**
 * Parameters of the matrix model, with their prior ranges. A proportion kp in (0, 1) stands for
 * lo + kp (hi − lo); all priors are uniform in kp.
 *
 * @see Tao et al. (2020), Frontiers in Big Data 3:17, and Tao et al. (2023), Nature 618, 981
 */

import { ArgumentError, shapeError } from "../core/index.js";

/** Names of the parameters, in the order of the published vectors. */
export const PARAMETERS_2020 = [
  "diffus",
  "cryo",
  "q10",
  "efolding",
  "tau4cwd",
  "tau4l1",
  "tau4l2l3",
  "tau4s1",
  "tau4s2",
  "tau4s3",
  "fl1s1",
  "fl2s1",
  "fl3s2",
  "fs1s2",
  "fs1s3",
  "fs2s1",
  "fs2s3",
  "fs3s1",
  "fcwdl2",
  "ins",
  "beta",
  "p4ll",
  "p4ml",
  "p4cl",
  "maxpsi",
] as const;

/** Names of the 21 parameters of the 2023 model; `w_scaling` takes the place of `ins`. */
export const PARAMETERS_2023 = [
  ...PARAMETERS_2020.slice(0, 19),
  "w_scaling",
  "beta",
] as unknown as readonly Parameter2023[];

/** A parameter of the 2020 model. */
export type Parameter2020 = (typeof PARAMETERS_2020)[number];

/** A parameter of the 2023 model. */
export type Parameter2023 =
  | Exclude<Parameter2020, "ins" | "p4ll" | "p4ml" | "p4cl" | "maxpsi">
  | "w_scaling";

/** What each parameter is, in a few words, for titles. */
export const PARAMETER_TITLES: Readonly<Record<Parameter2020 | Parameter2023, string>> = {
  diffus: "Bioturbation",
  cryo: "Cryoturbation",
  q10: "Q10",
  efolding: "Depth scale of decomposition",
  tau4cwd: "Turnover of wood",
  tau4l1: "Turnover of metabolic litter",
  tau4l2l3: "Turnover of other litter",
  tau4s1: "Turnover of fast carbon",
  tau4s2: "Turnover of slow carbon",
  tau4s3: "Turnover of passive carbon",
  fl1s1: "Metabolic litter to fast",
  fl2s1: "Cellulose to fast",
  fl3s2: "Lignin to slow",
  fs1s2: "Fast to slow",
  fs1s3: "Fast to passive",
  fs2s1: "Slow to fast",
  fs2s3: "Slow to passive",
  fs3s1: "Passive to fast",
  fcwdl2: "Wood to cellulose",
  ins: "Factor on NPP",
  w_scaling: "Factor on wetness",
  beta: "Root profile",
  p4ll: "NPP to lignin",
  p4ml: "NPP to metabolic litter",
  p4cl: "NPP to cellulose",
  maxpsi: "Unhindered water potential",
};

/** A prior range, in the parameter's own unit. */
export type Range = readonly [lo: number, hi: number];

/** NPP at a place, of which the 2020 model's input factor takes its range [gC m⁻² yr⁻¹]. */
export interface Npp {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

const SHARED = {
  diffus: [3e-5, 5e-4], // bioturbation [m² yr⁻¹]
  cryo: [3e-5, 16e-4], // cryoturbation [m² yr⁻¹]
  q10: [1.2, 3], // [–]
  efolding: [0, 1], // depth scale of decomposition [m]
  tau4s1: [0, 1], // turnover times [yr]
  tau4s2: [1, 50],
  fl2s1: [0.2, 0.8], // transfer fractions [–]
  fl3s2: [0.2, 0.8],
  fs1s2: [0, 0.4],
  fs2s3: [0, 0.1],
  fcwdl2: [0.5, 1],
  beta: [0.5, 0.9999], // root profile β^(depth in cm)
} as const satisfies Record<string, Range>;

/**
 * Prior ranges of the 2020 model.
 *
 * @param npp NPP of the place; its input factor runs from min/mean to max/mean
 * @throws {ArgumentError} if NPP is not positive and ordered
 */
export function ranges2020(npp: Npp): Record<Parameter2020, Range> {
  if (!(npp.min >= 0 && npp.mean > 0 && npp.max >= npp.min)) {
    throw new ArgumentError({
      what: "NPP",
      wanted: "0 ≤ min ≤ max and mean > 0 [gC m⁻² yr⁻¹]",
      got: `min ${npp.min}, mean ${npp.mean}, max ${npp.max}`,
    });
  }
  return {
    ...SHARED,
    tau4cwd: [1, 10],
    tau4l1: [0, 0.2],
    tau4l2l3: [0.2, 1],
    tau4s3: [200, 2000],
    fl1s1: [0.2, 0.8],
    fs1s3: [0, 0.03],
    fs2s1: [0.1, 0.6],
    fs3s1: [0, 1],
    ins: [npp.min / npp.mean, npp.max / npp.mean], // factor on NPP [–]
    p4ll: [0, 0.25], // shares of NPP [–]
    p4ml: [0.05, 0.7],
    p4cl: [0.01, 0.5],
    maxpsi: [-0.015, 0], // water potential of unhindered decomposition [MPa]
  };
}

/** Prior ranges of the 2023 model. */
export const RANGES_2023: Readonly<Record<Parameter2023, Range>> = {
  ...SHARED,
  tau4cwd: [1, 6],
  tau4l1: [0, 0.11],
  tau4l2l3: [0.1, 0.3],
  tau4s3: [200, 1000],
  fl1s1: [0.1, 0.8],
  fs1s3: [0, 0.05],
  fs2s1: [0.1, 0.74],
  fs3s1: [0, 0.9],
  w_scaling: [0, 5], // factor on CLM5's W_SCALAR [–]
};

/**
 * Turn proportions into parameter values.
 *
 * @param kp     proportions, shape (k)
 * @param ranges prior ranges, one per name
 * @param names  the parameters, in order
 * @returns values, shape (k), each in its own unit
 * @throws {ShapeError} if there are not as many proportions as names
 * @throws {ArgumentError} if a proportion lies outside [0, 1]
 */
export function valuesOf<Name extends string>(
  kp: ArrayLike<number>,
  ranges: Readonly<Record<Name, Range>>,
  names: readonly Name[],
): Record<Name, number> {
  if (kp.length !== names.length) throw shapeError("kp", [names.length], [kp.length]);
  const values = {} as Record<Name, number>;
  for (const [i, name] of names.entries()) {
    const proportion = kp[i]!;
    if (!(proportion >= 0 && proportion <= 1)) {
      throw new ArgumentError({
        what: name,
        wanted: "a proportion in [0, 1]",
        got: `${proportion}`,
      });
    }
    const [lo, hi] = ranges[name];
    values[name] = lo + proportion * (hi - lo);
  }
  return values;
}

/**
 * The default transfer fractions from the fast to the slow and passive pool.
 *
 * @param sandPercent sand content [%]
 * @see CLM5 source, SoilBiogeochemDecompCascadeBGCMod.F90; the technical note has it as f(txt), after
 *      Parton et al. (1988)
 */
export function sandRule(sandPercent: number): { fs1s2: number; fs1s3: number } {
  const t = 0.85 - 0.0068 * (100 - sandPercent);
  const f = 1 - 0.004 / (1 - t);
  return { fs1s2: (1 - t) * f, fs1s3: (1 - t) * (1 - f) };
}
