/** The default parameters of CLM5, as published and as read from its parameter file. */

import { MissingVariableError } from "../core/index.js";
import { open } from "../io/index.js";
import type { Values2020 } from "./column.js";
import { sandRule } from "./parameters.js";

/** Defaults that do not depend on the place: all but the sand rule's two. */
export type DefaultValues = Omit<Values2020, "fs1s2" | "fs1s3">;

/** Seconds in a model year of 365 days. */
const YEAR = 365 * 86400;

/**
 * CLM5's defaults (Lawrence et al. 2019), as the 2020 model names them. The root profile is the mean
 * over natural plants; 30 % of NPP goes to wood and the rest to litter as leaves do: 25 % metabolic,
 * 50 % cellulose, 25 % lignin.
 */
export const CLM5_DEFAULTS: DefaultValues = {
  diffus: 1e-4,
  cryo: 5e-4,
  q10: 1.5,
  efolding: 10,
  tau4cwd: 3.33,
  tau4l1: 0.0541,
  tau4l2l3: 0.2041,
  tau4s1: 0.137,
  tau4s2: 5,
  tau4s3: 222.2,
  fl1s1: 0.45,
  fl2s1: 0.5,
  fl3s2: 0.5,
  fs2s1: 0.42,
  fs2s3: 0.03,
  fs3s1: 0.45,
  fcwdl2: 0.76,
  ins: 1,
  beta: 0.96,
  p4ll: 0.175,
  p4ml: 0.175,
  p4cl: 0.35,
  maxpsi: -0.002,
};

/** The defaults at a place with this much sand [%]. */
export function defaultsAt(defaults: DefaultValues, sandPercent: number): Values2020 {
  return { ...defaults, ...sandRule(sandPercent) };
}

/**
 * Read CLM5's parameter file, such as clm5_params.c171117.nc.
 *
 * Diffusivities come in m² s⁻¹ and become m² yr⁻¹; respired shares become shares handed on. S2's
 * decay goes to S1 and S3 as 0.42 to 0.03, which is in CLM5's code and not in its file.
 *
 * @throws {DataError} if it is no netCDF file
 * @throws {MissingVariableError} if it lacks a parameter
 */
export async function readClm5Defaults(path: string): Promise<DefaultValues> {
  const file = await open(path);
  try {
    const one = async (name: string) => {
      const { data } = await file.variable(name).read();
      const value = Number(data[0]);
      if (Number.isFinite(value)) return value;
      throw new MissingVariableError({
        where: path,
        what: name,
        wanted: "a number",
        got: `${value}`,
      });
    };
    const handedOn = async (name: string) => 1 - (await one(name));
    const slow = await handedOn("rf_s2s1_bgc");
    const litter = await leafLitter(file);
    return {
      diffus: YEAR * (await one("som_diffus")),
      cryo: YEAR * (await one("cryoturb_diffusion_k")),
      q10: await one("q10_hr"),
      efolding: await one("decomp_depth_efolding"),
      tau4cwd: await one("tau_cwd"),
      tau4l1: await one("tau_l1"),
      tau4l2l3: await one("tau_l2_l3"),
      tau4s1: await one("tau_s1"),
      tau4s2: await one("tau_s2"),
      tau4s3: await one("tau_s3"),
      fl1s1: await handedOn("rf_l1s1_bgc"),
      fl2s1: await handedOn("rf_l2s1_bgc"),
      fl3s2: await handedOn("rf_l3s2_bgc"),
      fs2s1: (slow * 0.42) / 0.45,
      fs2s3: (slow * 0.03) / 0.45,
      fs3s1: await handedOn("rf_s3s1_bgc"),
      fcwdl2: await one("cwd_fcel"),
      ins: 1,
      beta: await rootBeta(file),
      ...litter,
      maxpsi: await one("maxpsi_hr"),
    };
  } finally {
    file.close();
  }
}

type File = Awaited<ReturnType<typeof open>>;

/** Natural plants are numbers 1 to 14 of the file; 0 is bare ground, crops follow. */
const NATURAL = { first: 1, last: 14 } as const;

/** Share of NPP that goes to wood. */
const WOOD = 0.3;

async function leafLitter(file: File): Promise<Pick<DefaultValues, "p4ml" | "p4cl" | "p4ll">> {
  const mean = async (name: string) => meanOf((await file.variable(name).read()).data);
  return {
    p4ml: (1 - WOOD) * (await mean("lf_flab")),
    p4cl: (1 - WOOD) * (await mean("lf_fcel")),
    p4ll: (1 - WOOD) * (await mean("lf_flig")),
  };
}

/** Mean root parameter for carbon, the second variant of the file. */
async function rootBeta(file: File): Promise<number> {
  const { data, shape } = await file.variable("rootprof_beta").read();
  return meanOf(data.subarray(shape[1]!));
}

function meanOf(data: ArrayLike<number | bigint>): number {
  let sum = 0;
  for (let i = NATURAL.first; i <= NATURAL.last; i++) sum += Number(data[i]);
  return sum / (NATURAL.last - NATURAL.first + 1);
}
