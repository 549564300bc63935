/** Particles on their way to a trap through the ocean's eddies: figure 1 of the 2025 paper. */

import {
  type Figure,
  type Layer,
  path3d,
  points3d,
  sceneFigure,
  surface,
} from "../figures/index.js";
import type { Tracks, Trap } from "../lagrangian/index.js";
import { displacement, locate, type Ocean, positionOf } from "../ocean/index.js";
import type { Labels } from "./scoreboard.js";
import type { Snapshot } from "./snapshot.js";

const KM = 1000;
const DAY = 86400;

/** What is drawn around the paths. */
export interface JourneyOptions extends Labels {
  readonly trap: Trap;
  /** the ocean at one instant; its vorticity is drawn at each of its depths */
  readonly snapshot: Snapshot;
  /** half the side of the sheets of vorticity [m]; they end where the grid does */
  readonly reach: number;
}

/**
 * Paths of particles that were caught at one instant, coloured by the time since, through sheets of
 * vorticity.
 */
export function journeyScene(tracks: Tracks, options: JourneyOptions): Figure {
  const { trap, snapshot, reach, ...labels } = options;
  const last = tracks.crossings.at(-1)!;
  const away = awayFrom(trap, tracks.ocean);
  const crossed = Array.from(last.x, (x, p) => away(x, last.y[p]!));
  const side = reach / KM;
  const axis = (label: string) => ({ label, units: "km", range: [-side, side] as const });
  return sceneFigure({
    ...labels,
    panelHeight: 640,
    camera: { azimuth: -125, elevation: 17 },
    x: axis("Eastward"),
    y: axis("Northward"),
    z: { label: "Depth", units: "m", range: [0, trap.depth * 1.05], direction: "down" },
    proportions: [0.9, 0.9, 0.85],
    layers: [
      ...sheets(tracks.ocean, snapshot, { trap, reach }),
      agedPaths(tracks, trap),
      points3d({
        x: crossed.map(({ east }) => east),
        y: crossed.map(({ north }) => north),
        z: last.depth,
        ...{ name: `crossing ${last.level} m`, width: 6, colour: "#111111" },
      }),
      points3d({
        ...{ x: [0], y: [0], z: [trap.depth], name: "trap" },
        ...{ width: 16, symbol: "diamond", colour: "#009e73" },
      }),
    ],
  });
}

/** Displacement of places [cells] from the trap [km]. */
function awayFrom(trap: Trap, { grid }: Ocean) {
  const centre = "east" in trap ? trap : { east: trap.longitude, north: trap.latitude };
  return (x: number, y: number) => {
    const { east, north } = displacement(grid, centre, positionOf(grid, x, y));
    return { east: east / KM, north: north / KM };
  };
}

/** All paths up to the last level in one layer, each point with the days since its particle was caught. */
function agedPaths({ saved, crossings, ocean, count, release }: Tracks, trap: Trap): Layer {
  const away = awayFrom(trap, ocean);
  const last = crossings.at(-1)!;
  const caught = Math.max(...release.time);
  const [x, y, z, age] = [[], [], [], []] as [number[], number[], number[], number[]];
  const add = (at: { east: number; north: number }, depth: number, seconds: number) => {
    x.push(at.east);
    y.push(at.north);
    z.push(depth);
    age.push(seconds / DAY);
  };
  for (let p = 0; p < count; p++) {
    for (const instant of saved) {
      if (caught - instant.time > last.age[p]!) break;
      add(away(instant.x[p]!, instant.y[p]!), -instant.z[p]!, caught - instant.time);
    }
    add(away(last.x[p]!, last.y[p]!), last.depth[p]!, last.age[p]!);
    add({ east: Number.NaN, north: Number.NaN }, Number.NaN, Number.NaN);
  }
  const scale = {
    label: "Days before being caught",
    units: "d",
    palette: "haline",
    min: 0,
  } as const;
  return path3d({ x, y, z, value: age, scale, width: 6 });
}

/** Vorticity at each depth of a snapshot, as clear sheets. */
function sheets(
  { grid }: Ocean,
  { vorticity, depths, nx, ny }: Snapshot,
  { trap, reach }: Pick<JourneyOptions, "trap" | "reach">,
): Layer[] {
  const { x, y } = locate(grid, trap);
  const [column, row] = [Math.round(x), Math.round(y)];
  const cell = row * nx + column;
  const [dx, dy] = [1 / grid.pm[cell]!, 1 / grid.pn[cell]!];
  const within = (size: number, middle: number, step: number) =>
    Array.from({ length: size }, (_, k) => k).filter((k) => Math.abs(k - middle) * step <= reach);
  const [columns, rows] = [within(nx, x, dx), within(ny, y, dy)];
  const cut = (level: number) =>
    rows.flatMap((j) => columns.map((i) => vorticity[(level * ny + j) * nx + i]!));
  const maps = depths.map((_, level) => cut(level));
  const strong = maps
    .flat()
    .map(Math.abs)
    .sort((a, b) => a - b);
  const most = strong[Math.floor(0.99 * (strong.length - 1))]!;
  const scale = { label: "ζ/f", units: "1", palette: "balance", min: -most, max: most } as const;
  return depths.map((depth, level) =>
    surface({
      x: columns.map((i) => ((i - x) * dx) / KM),
      y: rows.map((j) => ((j - y) * dy) / KM),
      z: depth,
      value: maps[level]!,
      ...{ scale, opacity: 0.45 },
    }),
  );
}
