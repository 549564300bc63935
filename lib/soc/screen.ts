/** Profiles that the model can be fitted to, and the ids of those it cannot, by reason. */

import { checkProfile, type ForcedProfile } from "./observation.js";

/** Why a profile is masked. */
export type ProfileFault =
  | "bad layers"
  | "bad forcing"
  | "never thaws"
  | "always too dry"
  | "too shallow"
  | "too few layers";

/** Profiles that can be used, and the ids of those that cannot. */
export interface ScreenedProfiles<P extends ForcedProfile> {
  readonly kept: readonly P[];
  readonly masked: ReadonlyMap<ProfileFault, readonly string[]>;
}

/**
 * Mask profiles that the published filter leaves out (deepest layer centred at 0.5 m or above, 2 layers or fewer), whose
 * layers or forcing are not numbers in range, and those where nothing decomposes: a column that never
 * thaws (active layer of 1 cm or less), or is drier than −25 MPa throughout.
 */
export function screenProfiles<P extends ForcedProfile>(
  profiles: readonly P[],
): ScreenedProfiles<P> {
  const kept: P[] = [];
  const masked = new Map<ProfileFault, string[]>();
  for (const profile of profiles) {
    const fault = faultOf(profile);
    if (fault === undefined) kept.push(profile);
    else masked.set(fault, [...(masked.get(fault) ?? []), profile.id]);
  }
  return { kept, masked };
}

function faultOf(profile: ForcedProfile): ProfileFault | undefined {
  const { temperature, waterPotential, npp, activeLayer } = profile.forcing;
  try {
    checkProfile(profile);
  } catch {
    return "bad layers";
  }
  const warm = Array.from(temperature).every((t) => t > 150 && t < 350);
  const wet = Array.from(waterPotential).every((psi) => Number.isFinite(psi) && psi <= 0);
  const grows = npp.min >= 0 && npp.mean > 0 && npp.max >= npp.min && Number.isFinite(npp.max);
  if (!(warm && wet && grows && Number.isFinite(activeLayer))) return "bad forcing";
  if (activeLayer <= 0.01) return "never thaws";
  if (Array.from(waterPotential).every((psi) => psi <= -25)) return "always too dry";
  if (profile.depth.length <= 2) return "too few layers";
  if (profile.depth[profile.depth.length - 1]! <= 0.5) return "too shallow";
  return undefined;
}
