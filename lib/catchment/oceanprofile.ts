/** Energies by depth of any ocean with temperature, measured at some of its instants. */

import type { Ocean, TwinProfile } from "../ocean/index.js";
import { isWaterAt, takeSnapshot } from "./snapshot.js";

/** What the profile figures draw; the twin brings more. */
export type OceanProfile = Pick<
  TwinProfile,
  "depths" | "eddyEnergy" | "meanEnergy" | "correlation" | "upward"
>;

const DEPTHS = [0, 200, 400, 750, 1000, 1500, 2250, 3000];

/** Of the water that must reach a depth, for it to be measured there. */
const SHARE = 0.1;

/**
 * Measure energies of the time mean and of the departures from it, and the correlation of v with the
 * surface, averaged over the water at each depth.
 *
 * @param instants how many, evenly over the record; 8 by default
 * @returns at the depths that lie above the bottom in at least a tenth of the water; `upward` is NaN,
 *          since files hold the velocity through levels and not w
 * @throws {MissingVariableError} if the ocean has no temperature
 */
export async function measureProfile(ocean: Ocean, instants = 8): Promise<OceanProfile> {
  const points = ocean.grid.h.length;
  const waters = watersOf(ocean.grid);
  const depths = waters.map(({ depth }) => depth);
  const count = Math.min(instants, ocean.times.length);
  const last = ocean.times.length - 1;
  const sum = () => new Float64Array(depths.length * points);
  const sums = { u: sum(), v: sum() };
  const energy = new Float64Array(depths.length);
  const shared = depths.map(() => [0, 0, 0] as [number, number, number]);
  for (let k = 0; k < count; k++) {
    const at = count === 1 ? 0 : Math.round((k * last) / (count - 1));
    const { u, v } = await takeSnapshot(ocean, at, depths);
    for (const [d, { wet }] of waters.entries()) {
      const product = shared[d]!;
      for (const o of wet) {
        const at = d * points + o;
        const [east, north, surface] = [u[at]!, v[at]!, v[o]!];
        energy[d] = energy[d]! + (east ** 2 + north ** 2) / 2;
        sums.u[at] = sums.u[at]! + east;
        sums.v[at] = sums.v[at]! + north;
        product[0] += surface * north;
        product[1] += north ** 2;
        product[2] += surface ** 2;
      }
    }
  }
  const mean = waters.map(({ wet }, d) => {
    let sum = 0;
    for (const o of wet) sum += sums.u[d * points + o]! ** 2 + sums.v[d * points + o]! ** 2;
    return sum / 2 / count ** 2 / wet.length;
  });
  return {
    depths,
    meanEnergy: spread(mean),
    eddyEnergy: spread(mean.map((m, d) => energy[d]! / count / waters[d]!.wet.length - m)),
    correlation: spread(shared.map(([both, own, top]) => both / Math.sqrt(own * top))),
    upward: spread(depths.map(() => NaN)),
  };
}

/** The depths that a good part of the water reaches, and the points where it does. */
function watersOf(grid: Ocean["grid"]): { depth: number; wet: number[] }[] {
  const points = Array.from(grid.h.keys());
  const wetAt = (depth: number) => points.filter((o) => isWaterAt(grid, o, depth));
  const least = SHARE * wetAt(0).length;
  return DEPTHS.map((depth) => ({ depth, wet: wetAt(depth) })).filter(
    ({ wet }) => wet.length >= least,
  );
}

function spread(values: readonly number[]) {
  return { mean: values, deviation: values.map(() => NaN) };
}
