/** Energy, vorticity and vertical velocity by depth: figure B1 of the 2025 paper. */

import { type Figure, figure, type Layer, line } from "../figures/index.js";
import type { Ocean } from "../ocean/index.js";
import type { OceanProfile } from "./oceanprofile.js";
import type { Labels } from "./scoreboard.js";
import { isWaterAt, takeSnapshot } from "./snapshot.js";

/**
 * Root mean square of ζ/f over the water but its rim by depth, over some instants evenly in the record [–].
 *
 * @param depths [m], positive down
 * @returns shape (depths)
 */
export async function vorticityProfile(
  ocean: Ocean,
  depths: readonly number[],
  instants = 6,
): Promise<Float64Array> {
  const squares = new Float64Array(depths.length);
  const counts = new Float64Array(depths.length);
  for (let k = 0; k < instants; k++) {
    const index = Math.floor(((k + 0.5) * ocean.times.length) / instants);
    const { vorticity, nx, ny } = await takeSnapshot(ocean, index, depths);
    for (let at = 0; at < vorticity.length; at++) {
      const [level, j, i] = [Math.floor(at / (nx * ny)), Math.floor(at / nx) % ny, at % nx];
      const rim = i === 0 || j === 0 || i === nx - 1 || j === ny - 1;
      if (rim || !isWaterAt(ocean.grid, j * nx + i, depths[level]!)) continue;
      squares[level] = squares[level]! + vorticity[at]! ** 2;
      counts[level] = counts[level]! + 1;
    }
  }
  return squares.map((sum, level) => Math.sqrt(sum / counts[level]!));
}

/** Depth at which the eddies' kinetic energy is least [m]. */
export function quietestDepth({ depths, eddyEnergy }: OceanProfile): number {
  const energies = Array.from(eddyEnergy.mean);
  return depths[energies.indexOf(Math.min(...energies))]!;
}

/** A kinetic energy [cm² s⁻²] that the paper's figure shows at a depth, or between two [m]. */
export interface PublishedEnergy {
  readonly depths: readonly [number] | readonly [number, number];
  readonly energy: number;
}

/** Draw the profiles of some runs beside the paper's energies, read off its figure. */
export function deepProfileFigure(
  runs: readonly {
    readonly name: string;
    readonly profile: OceanProfile;
    /** of `vorticityProfile` at the profile's depths */
    readonly vorticity: Float64Array;
  }[],
  { paper, ...labels }: Labels & { readonly paper: readonly PublishedEnergy[] },
): Figure {
  const depth = { label: "Depth", units: "m", direction: "down" } as const;
  return figure({
    ...labels,
    columns: 3,
    panels: [
      {
        title: "Kinetic energy",
        x: { label: "Kinetic energy", units: "cm² s⁻²", range: [0, 450] },
        y: depth,
        layers: [
          ...runs.map(({ name, profile: p }) => {
            const x = p.eddyEnergy.mean.map((eddy, k) => 1e4 * (eddy + p.meanEnergy.mean[k]!));
            return line({ x, y: p.depths, name, markers: "shown" });
          }),
          published(paper),
        ],
      },
      {
        title: "Vorticity",
        x: { label: "Root mean square of ζ/f", units: "1" },
        y: depth,
        layers: runs.map(({ name, profile: p, vorticity }) =>
          line({ x: vorticity, y: p.depths, name, markers: "shown" }),
        ),
      },
      {
        title: "Vertical velocity",
        x: { label: "Root mean square of w", units: "m d⁻¹" },
        y: depth,
        layers: runs
          .filter(({ profile: p }) => p.upward.mean.some(Number.isFinite))
          .map(({ name, profile: p }) =>
            line({ x: p.upward.mean.map((w) => 86400 * w), y: p.depths, name, markers: "shown" }),
          ),
      },
    ],
  });
}

/** Published energies as points, joined where the paper says one for a range of depths. */
function published(paper: readonly PublishedEnergy[]): Layer {
  const gap = Number.NaN;
  return line({
    x: paper.flatMap(({ depths, energy }) => [...depths.map(() => energy), gap]),
    y: paper.flatMap(({ depths }) => [...depths, gap]),
    name: "POLGYR (read off the paper's figure)",
    markers: "shown",
  });
}
