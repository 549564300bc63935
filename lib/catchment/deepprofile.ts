/** Energy and vertical velocity by depth: figure B1 of the 2025 paper. */

import { type Figure, figure, line, points } from "../figures/index.js";
import type { OceanProfile } from "./oceanprofile.js";
import type { Labels } from "./scoreboard.js";

/** Draw both profiles of some runs beside the paper's energies, read off its figure. */
export function deepProfileFigure(
  runs: readonly { readonly name: string; readonly profile: OceanProfile }[],
  { paper, ...labels }: Labels & { readonly paper: readonly (readonly [number, number])[] },
): Figure {
  const depth = { label: "Depth", units: "m", direction: "down" } as const;
  return figure({
    ...labels,
    columns: 2,
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
          points({
            x: paper.map(([, energy]) => energy),
            y: paper.map(([z]) => z),
            name: "POLGYR (published)",
            size: 11,
          }),
        ],
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
