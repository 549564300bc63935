/**
 * A small CROCO file that the tests write: an ocean on longitudes and latitudes with a slope, a shelf
 * and land in the east, as around the Porcupine Abyssal Plain, and one northward current everywhere.
 */
import { writeNetcdf } from "carbonbook/io";

/** Shape, cell [m], depths of basin and shelf [m], first column of shelf and land, current [m s⁻¹]. */
export const SHELF = {
  ...{ nx: 56, ny: 54, nz: 5, dx: 16e3, north: 0.03, temperature: 10 },
  ...{ deep: 1500, shallow: 200, slope: 34, shelf: 40, land: 50 },
  ...{ west: -22, south: 45 },
};

/** Degrees of latitude of a cell, and of longitude at the southern rim. */
const DEGREE = 6_371_229 * (Math.PI / 180);

/** Write it with a record every four days, `days` long; returns the path. */
export async function writeShelf(path: string, days: number): Promise<string> {
  const { nx, ny, nz, dx, north, temperature, west, south } = SHELF;
  const count = days / 4 + 1;
  const map = (value: (i: number, j: number) => number) =>
    Float64Array.from({ length: nx * ny }, (_, o) => value(o % nx, Math.floor(o / nx)));
  const latitude = map((_, j) => south + (j * dx) / DEGREE);
  const step = dx / DEGREE / Math.cos((49 * Math.PI) / 180);
  const rho = ["eta_rho", "xi_rho"];
  const one = (value: number) => ({ dimensions: [], data: Float64Array.of(value) });
  const flat = (data: Float64Array) => ({ dimensions: rho, data });
  const field = (dimensions: string[], size: number, value: number) => ({
    dimensions: ["time", "s_rho", ...dimensions],
    data: new Float32Array(count * nz * size).fill(value),
  });
  const times = Float64Array.from({ length: count }, (_, k) => 4 * k);
  await writeNetcdf(path, {
    dimensions: {
      ...{ time: count, s_rho: nz, eta_rho: ny, xi_rho: nx, xi_u: nx - 1, eta_v: ny - 1 },
    },
    attributes: { title: path.split("/").at(-1)! },
    variables: {
      time: { dimensions: ["time"], data: times, attributes: { units: "days since 2003-07-24" } },
      h: flat(map(depthOf)),
      mask_rho: flat(map((i) => (i < SHELF.land ? 1 : 0))),
      pm: flat(map(() => 1 / dx)),
      pn: flat(map(() => 1 / dx)),
      lon_rho: flat(map((i) => west + i * step)),
      lat_rho: flat(latitude),
      ...{ hc: one(50), theta_s: one(0), theta_b: one(0), Vtransform: one(2) },
      u: field(["eta_rho", "xi_u"], ny * (nx - 1), 0),
      v: field(["eta_v", "xi_rho"], (ny - 1) * nx, north),
      temp: field(rho, ny * nx, temperature),
    },
  });
  return path;
}

/** Depth of a column's bottom [m]. */
function depthOf(i: number): number {
  const { deep, shallow, slope, shelf } = SHELF;
  const share = Math.min(Math.max((i - slope) / (shelf - slope), 0), 1);
  return deep + share * (shallow - deep);
}
