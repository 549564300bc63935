/** Energies by depth of any ocean with temperature, measured at some of its instants. */

import type { Ocean, TwinProfile } from "../ocean/index.js";
import { takeSnapshot } from "./snapshot.js";

/** What the profile figures draw; the twin brings more. */
export type OceanProfile = Pick<
  TwinProfile,
  "depths" | "eddyEnergy" | "meanEnergy" | "correlation" | "upward"
>;

const DEPTHS = [0, 200, 400, 750, 1000, 1500, 2250, 3000];

/**
 * Measure energies of the time mean and of the departures from it, and the correlation of v with the
 * surface, averaged over the domain.
 *
 * @param instants how many, evenly over the record; 8 by default
 * @returns at the depths that lie above the bottom everywhere; `upward` is NaN, since files hold the
 *          velocity through levels and not w
 * @throws {MissingVariableError} if the ocean has no temperature
 */
export async function measureProfile(ocean: Ocean, instants = 8): Promise<OceanProfile> {
  const { h, mask } = ocean.grid;
  const shallowest = h.reduce(
    (low, depth, o) => (mask[o] === 1 ? Math.min(low, depth) : low),
    Number.POSITIVE_INFINITY,
  );
  const depths = DEPTHS.filter((depth) => depth <= shallowest);
  const count = Math.min(instants, ocean.times.length);
  const last = ocean.times.length - 1;
  const points = h.length;
  const size = depths.length * points;
  const sums = { u: new Float64Array(size), v: new Float64Array(size) };
  const energy = new Float64Array(depths.length);
  const shared = depths.map(() => [0, 0, 0] as [number, number, number]);
  for (let k = 0; k < count; k++) {
    const at = count === 1 ? 0 : Math.round((k * last) / (count - 1));
    const { u, v } = await takeSnapshot(ocean, at, depths);
    for (let o = 0; o < size; o++) {
      const [d, surface] = [Math.floor(o / points), v[o % points]!];
      energy[d] = energy[d]! + (u[o]! ** 2 + v[o]! ** 2) / 2;
      sums.u[o] = sums.u[o]! + u[o]!;
      sums.v[o] = sums.v[o]! + v[o]!;
      const product = shared[d]!;
      product[0] += surface * v[o]!;
      product[1] += v[o]! ** 2;
      product[2] += surface ** 2;
    }
  }
  const wet = mask.reduce((sum, water) => sum + water, 0);
  const mean = depths.map((_, d) => {
    let sum = 0;
    for (let o = d * points; o < (d + 1) * points; o++) sum += sums.u[o]! ** 2 + sums.v[o]! ** 2;
    return sum / 2 / count ** 2 / wet;
  });
  const spread = (values: readonly number[]) => ({
    mean: values,
    deviation: values.map(() => NaN),
  });
  return {
    depths,
    meanEnergy: spread(mean),
    eddyEnergy: spread(mean.map((m, d) => energy[d]! / count / wet - m)),
    correlation: spread(shared.map(([both, own, top]) => both / Math.sqrt(own * top))),
    upward: spread(depths.map(() => NaN)),
  };
}
