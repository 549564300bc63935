/**
 * A twin run as a CROCO file. The square wraps around: as in ROMS's periodic channels the outermost
 * ring of rho points repeats the opposite side, so that a file of n × n cells has n + 2 rho points
 * along each side and any position inside the outermost faces can be interpolated.
 */

import {
  createNetcdf,
  type NetcdfLayout,
  type NetcdfShape,
  type NetcdfWriter,
} from "../io/index.js";
import type { TwinFields } from "./twin-fields.js";
import { TWIN_DEPTH, TWIN_LEVELS, twinVertical } from "./twin-levels.js";
import { TWIN_PHYSICS } from "./twin-physics.js";

/** Time zero of the files. */
export const TWIN_EPOCH = "2001-01-01 00:00:00";

/** A file in the making. */
export interface TwinWriter {
  /** Write the instant that the fields have taken as a record; time in seconds after the epoch. */
  record(index: number, time: number, fields: TwinFields): void;
  close(): void;
  abort(): void;
}

/** One kind of point: how many there are in the file, and the first cell along x and y. */
interface Points {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Begin the file of a run.
 *
 * @param path       of the file
 * @param n          cells along each side
 * @param records    number of records
 * @param attributes global ones
 */
export async function createTwinFile(
  path: string,
  n: number,
  records: number,
  attributes: Readonly<Record<string, string | number>>,
): Promise<TwinWriter> {
  const writer = await createNetcdf(path, layoutOf(n, records, attributes));
  try {
    writeGrid(writer, n);
  } catch (error) {
    writer.abort();
    throw error;
  }
  const rho = { rows: n + 2, columns: n + 2 };
  const uPoints = { rows: n + 2, columns: n + 1 };
  const vPoints = { rows: n + 1, columns: n + 2 };
  const [u, v, temp] = [uPoints, vPoints, rho].map(
    ({ rows, columns }) => new Float32Array(TWIN_LEVELS * rows * columns),
  ) as [Float32Array, Float32Array, Float32Array];
  const zeta = new Float32Array(rho.rows * rho.columns);
  const [a, b] = [new Float64Array(n * n), new Float64Array(n * n)];
  return {
    record(index, time, fields) {
      for (let k = 0; k < TWIN_LEVELS; k++) {
        fields.velocity(k, a, b);
        wrap(a, n, uPoints, u, k);
        wrap(b, n, vPoints, v, k);
        fields.temperature(k, a);
        wrap(a, n, rho, temp, k);
      }
      fields.surface(a);
      wrap(a, n, rho, zeta, 0);
      writer.write("time", [time], { time: [index, index + 1] });
      for (const [name, data] of Object.entries({ u, v, temp, zeta })) {
        writer.write(name, data, { time: index });
      }
    },
    close: () => writer.close(),
    abort: () => writer.abort(),
  };
}

/** Copy a grid that wraps around to the points of a level of a file, first point = cell 0. */
function wrap(grid: Float64Array, n: number, points: Points, out: Float32Array, level: number) {
  let write = level * points.rows * points.columns;
  for (let j = 0; j < points.rows; j++) {
    const row = grid.subarray((j % n) * n, (j % n) * n + n);
    out.set(row, write);
    out.set(row.subarray(0, points.columns - n), write + n);
    write += points.columns;
  }
}

function layoutOf(
  n: number,
  records: number,
  attributes: Readonly<Record<string, string | number>>,
): NetcdfLayout {
  const dimensions = {
    time: records,
    s_rho: TWIN_LEVELS,
    s_w: TWIN_LEVELS + 1,
    eta_rho: n + 2,
    xi_rho: n + 2,
    eta_v: n + 1,
    xi_u: n + 1,
  };
  const lengths: Readonly<Record<string, number>> = dimensions;
  const field = (place: readonly string[], units: string, longName: string): NetcdfShape => ({
    dimensions: ["time", ...place],
    type: "f32",
    attributes: { units, long_name: longName },
    chunks: [1, ...place.map((d) => lengths[d]!)],
    deflate: 0,
  });
  const fixed = (place: readonly string[], units: string, longName: string): NetcdfShape => ({
    dimensions: place,
    type: "f64",
    attributes: { units, long_name: longName },
  });
  const rho = ["eta_rho", "xi_rho"];
  return {
    dimensions,
    attributes: { ...attributes, type: "CROCO history file", periodic: "xi eta" },
    variables: {
      time: fixed(["time"], `seconds since ${TWIN_EPOCH}`, "time"),
      s_rho: fixed(["s_rho"], "1", "S-coordinate at RHO-points"),
      s_w: fixed(["s_w"], "1", "S-coordinate at W-points"),
      Cs_r: fixed(["s_rho"], "1", "S-coordinate stretching curves at RHO-points"),
      Cs_w: fixed(["s_w"], "1", "S-coordinate stretching curves at W-points"),
      hc: fixed([], "meter", "S-coordinate parameter, critical depth"),
      Vtransform: fixed([], "1", "vertical terrain-following transformation equation"),
      h: fixed(rho, "meter", "bathymetry at RHO-points"),
      f: fixed(rho, "second-1", "Coriolis parameter at RHO-points"),
      pm: fixed(rho, "meter-1", "curvilinear coordinates metric in XI"),
      pn: fixed(rho, "meter-1", "curvilinear coordinates metric in ETA"),
      x_rho: fixed(rho, "meter", "x-locations of RHO-points"),
      y_rho: fixed(rho, "meter", "y-locations of RHO-points"),
      zeta: field(rho, "meter", "free-surface"),
      u: field(["s_rho", "eta_rho", "xi_u"], "meter second-1", "u-momentum component"),
      v: field(["s_rho", "eta_v", "xi_rho"], "meter second-1", "v-momentum component"),
      temp: field(["s_rho", ...rho], "Celsius", "potential temperature"),
    },
  };
}

function writeGrid(writer: NetcdfWriter, n: number): void {
  const vertical = twinVertical();
  const dx = TWIN_PHYSICS.length / n;
  const points = (n + 2) * (n + 2);
  const constant = (value: number) => new Float64Array(points).fill(value);
  const along = (index: (o: number) => number) =>
    Float64Array.from({ length: points }, (_, o) => (index(o) - 0.5) * dx);
  const values = {
    s_rho: vertical.sRho,
    s_w: vertical.sW,
    Cs_r: vertical.csRho,
    Cs_w: vertical.csW,
    hc: [vertical.hc],
    Vtransform: [vertical.transform],
    h: constant(TWIN_DEPTH),
    f: constant(TWIN_PHYSICS.f0),
    pm: constant(1 / dx),
    pn: constant(1 / dx),
    x_rho: along((o) => o % (n + 2)),
    y_rho: along((o) => Math.floor(o / (n + 2))),
  };
  for (const [name, data] of Object.entries(values)) writer.write(name, data);
}
