/** Closed-form flows put on a C-grid, as an ocean like any other. */

import { ArgumentError, MissingVariableError } from "../core/index.js";
import type { Flow } from "./flows.js";
import type { CGrid } from "./grid.js";
import { type Face, type Field, makeField, type Ocean } from "./ocean.js";
import { verticalOfHeights } from "./vertical.js";

/** The grid a flow is put on: a flat box on a plane. */
export interface ClosedFormOptions {
  /** rho points along x */
  readonly nx: number;
  /** rho points along y */
  readonly ny: number;
  /** cell size along x [m] */
  readonly dx: number;
  /** cell size along y [m]; dx by default */
  readonly dy?: number;
  /** east of the first rho point [m]; 0 by default */
  readonly east?: number;
  /** north of the first rho point [m]; 0 by default */
  readonly north?: number;
  /** heights of the layer interfaces [m], from −h up to 0; one layer of 100 m by default */
  readonly heights?: ArrayLike<number>;
  /** instants of the frames [s]; one makes the ocean steady (default: 0 only) */
  readonly times?: ArrayLike<number>;
  /** Coriolis parameter [s⁻¹]; 0 by default */
  readonly f?: number;
}

type Sampler = (t: number, x: number, y: number, z: number) => number;

/**
 * Sample a flow at the points of a C-grid: u on west–east faces, v on south–north faces, w on
 * layer interfaces. Between points and instants it is interpolated as model output is.
 *
 * @throws {ArgumentError} if the grid has no water inside its rim or the times do not increase
 */
export function closedFormOcean(flow: Flow, options: ClosedFormOptions): Ocean {
  const times = Float64Array.from(options.times ?? [0]);
  checkOptions(options, times);
  const vertical = verticalOfHeights(options.heights ?? [-100, 0]);
  const grid = makeBox(flow, options);
  const nz = vertical.sRho.length;

  function sample<F extends Face>(face: F, t: number, value: Sampler): Field<F> {
    const field = makeField(face, grid, nz);
    const s = face === "w" ? vertical.sW : vertical.sRho;
    const [ny, nx] = field.shape.slice(-2) as [number, number];
    const [right, up] = [face === "u" ? 0.5 : 0, face === "v" ? 0.5 : 0];
    const [x0, y0] = [grid.positions.east[0]!, grid.positions.north[0]!];
    for (let o = 0; o < field.data.length; o++) {
      const i = o % nx;
      const j = Math.floor(o / nx) % ny;
      const z = s[Math.floor(o / (nx * ny))]! * grid.h[0]!;
      const x = x0 + (i + right) / grid.pm[0]!;
      const y = y0 + (j + up) / grid.pn[0]!;
      const here = j * grid.nx + i;
      const there = here + 2 * right + 2 * up * grid.nx;
      if (grid.mask[here]! * grid.mask[there]! === 1) field.data[o] = value(t, x, y, z);
    }
    return field;
  }
  return {
    name: flow.name,
    kind: "closed form",
    grid,
    vertical,
    times,
    timeOrigin: "run",
    async frame(index) {
      const t = times[index]!;
      const u = sample("u", t, flow.u);
      const v = sample("v", t, flow.v);
      const omega = sample("w", t, flow.w ?? (() => 0));
      return { u, v, omega, zeta: makeField("surface", grid, nz) };
    },
    async tracer(name) {
      throw new MissingVariableError({ what: name, where: flow.name, got: "velocity only" });
    },
    close: () => undefined,
  };
}

function checkOptions({ nx, ny, dx }: ClosedFormOptions, times: Float64Array): void {
  if (!(nx >= 3 && ny >= 3 && dx > 0)) {
    throw new ArgumentError({
      what: "grid",
      wanted: "3 or more points each way and a cell size above 0",
      got: `nx ${nx}, ny ${ny}, dx ${dx}`,
    });
  }
  if (times.length === 0 || times.some((t, n) => !(n === 0 || t > times[n - 1]!))) {
    const got = Array.from(times.slice(0, 5)).join(", ");
    throw new ArgumentError({ what: "times", wanted: "one or more, increasing", got });
  }
}

function makeBox(flow: Flow, options: ClosedFormOptions): CGrid {
  const { nx, ny, dx, dy = dx, east: east0 = 0, north: north0 = 0, f = 0 } = options;
  const size = nx * ny;
  const east = Float64Array.from({ length: size }, (_, o) => east0 + (o % nx) * dx);
  const north = Float64Array.from({ length: size }, (_, o) => north0 + Math.floor(o / nx) * dy);
  return {
    nx,
    ny,
    pm: new Float64Array(size).fill(1 / dx),
    pn: new Float64Array(size).fill(1 / dy),
    h: new Float64Array(size).fill(-(options.heights ?? [-100])[0]!),
    mask: Uint8Array.from(east, (x, o) => Number(flow.isWater?.(x, north[o]!) ?? true)),
    f: new Float64Array(size).fill(f),
    positions: { kind: "metres", east, north },
  };
}
