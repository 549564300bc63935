/**
 * The twin ocean as satellites would show it: SSH on DUACS' quarter degree, SST on OSTIA's twentieth,
 * each with the errors of its mapping, brought back to the model's grid by the very code that reads
 * the real files.
 */

import { makeRandom, type Random } from "../core/index.js";
import type { Trap } from "../lagrangian/index.js";
import { cubicGrid } from "./cubic.js";
import { degrade, resolutionOf, type SatelliteResolution } from "./degrade.js";
import type { Album } from "./images.js";
import { DEGREE, regrid, type SatelliteMaps, type TrapBox } from "./satellitemap.js";

/** How a satellite product sees a field. */
export interface Instrument {
  readonly quantity: "ssh" | "sst";
  readonly units: string;
  /** width of a pixel [degrees] */
  readonly pixel: number;
  /** standard deviation of the mapping's error, and the distance over which it changes [m] */
  readonly noise: number;
  readonly noiseLength: number;
}

/** DUACS-like: quarter degree, mapping error of 1.5 cm over 100 km (Ballarotta et al. 2019). */
export const DUACS_LIKE: Instrument = {
  quantity: "ssh",
  units: "m",
  pixel: 0.25,
  noise: 0.015,
  noiseLength: 100e3,
};

/** OSTIA-like: twentieth degree, analysis error of 0.4 K over 50 km (Good et al. 2020). */
export const OSTIA_LIKE: Instrument = {
  quantity: "sst",
  units: "°C",
  pixel: 0.05,
  noise: 0.4,
  noiseLength: 50e3,
};

/** Where the twin lies: the trap of the papers at its centre. */
const CENTRE = { longitude: -16.5, latitude: 49 };

/**
 * See one field of the twin through an instrument.
 *
 * @param field shape (n, n), already no finer than the instrument resolves (`degrade`)
 * @param box   the field's cells; its centre is put at 49 °N, 16.5 °W unless it says otherwise
 * @param seed  of the mapping's error; equal seeds give equal maps
 */
export function observe(
  field: Float32Array,
  { n, dx, ...centre }: Pick<TrapBox, "n" | "dx"> & Partial<TrapBox>,
  instrument: Instrument,
  seed: number,
): SatelliteMaps {
  const { longitude, latitude } = { ...CENTRE, ...centre };
  const shrink = Math.cos((latitude * Math.PI) / 180);
  const half = (n * dx) / 2 / DEGREE;
  const { pixel, noise, noiseLength, quantity, units } = instrument;
  const axis = (middle: number, reach: number) => {
    const count = 2 * (Math.ceil(reach / pixel) + 4);
    return Float64Array.from({ length: count }, (_, k) => middle + (k + 0.5 - count / 2) * pixel);
  };
  const x = axis(longitude, half / shrink);
  const y = axis(latitude, half);
  const cells = Float64Array.from({ length: n }, (_, k) => k);
  const place = (degrees: Float64Array, middle: number, scale: number) =>
    degrees.map((value) => {
      const cell = ((value - middle) * scale * DEGREE) / dx + n / 2 - 0.5;
      return Math.min(Math.max(cell, 0), n - 1);
    });
  const at = { xi: place(x, longitude, shrink), yi: place(y, latitude, 1) };
  const seen = cubicGrid({ x: cells, y: cells, values: field }, at);
  const error = smoothError(at, noiseLength / dx, makeRandom(seed));
  const values = Float32Array.from(seen, (value, k) => value + noise * error[k]!);
  return { quantity, units, longitude: x, latitude: y, times: new Float64Array(1), values };
}

/**
 * A field of the twin after its way through a satellite product: pixels, error, cubic splines back.
 *
 * @returns shape (n, n), as the field
 */
export function throughSatellite(
  field: Float32Array,
  { n, dx }: Pick<TrapBox, "n" | "dx">,
  instrument: Instrument,
  seed: number,
): Float32Array {
  return regrid(observe(field, { n, dx }, instrument, seed), { ...CENTRE, n, dx }).values;
}

/**
 * Both satellites' way to spoil a field of an album, for `makeSpeedImages`' option `disturb`: equal
 * seeds and times give equal errors.
 *
 * @param n  cells along a side of the album's fields
 * @param dx width of a cell [m]
 */
export function satelliteView(n: number, dx: number, seed: number) {
  return (field: Float32Array, name: "ssh" | "sst", time: number): Float32Array => {
    const instrument = name === "ssh" ? DUACS_LIKE : OSTIA_LIKE;
    return throughSatellite(field, { n, dx }, instrument, errorSeed(seed, name, time));
  };
}

/**
 * The twin's satellite record: maps of both quantities at some times, as files of a product would
 * hold them.
 *
 * @param album   with the surface as its first depth
 * @param times   of the album's snapshots [s]
 */
export function twinSatellites(
  album: Pick<Album, "snapshots">,
  times: readonly number[],
  options: SatelliteOptions,
): { readonly ssh: SatelliteMaps; readonly sst: SatelliteMaps } {
  return {
    ssh: twinSatellite("ssh", album, times, options),
    sst: twinSatellite("sst", album, times, options),
  };
}

/** How the twin's satellites see. */
export interface SatelliteOptions {
  /** width of a cell of the album's fields [m] */
  readonly dx: number;
  /** of the errors */
  readonly seed: number;
  /** what the satellites resolve */
  readonly resolution?: SatelliteResolution | undefined;
}

/** One of the two quantities of `twinSatellites`. */
export function twinSatellite(
  name: "ssh" | "sst",
  album: Pick<Album, "snapshots">,
  times: readonly number[],
  { dx, seed, resolution }: SatelliteOptions,
): SatelliteMaps {
  const instrument = name === "ssh" ? DUACS_LIKE : OSTIA_LIKE;
  const maps = times.map((time) => {
    const { nx: n, ssh, temperature } = album.snapshots.get(time)!;
    const field = name === "ssh" ? ssh : temperature.subarray(0, n * n);
    const seen = degrade(field, n, dx, resolutionOf(name, resolution));
    return observe(seen, { n, dx }, instrument, errorSeed(seed, name, time));
  });
  const size = maps[0]!.values.length;
  const values = new Float32Array(maps.length * size);
  for (const [k, map] of maps.entries()) values.set(map.values, k * size);
  return { ...maps[0]!, times: Float64Array.from(times), values };
}

/**
 * The two fields around a trap, as the model has them and as satellites show them, shape (n, n) each,
 * east by north.
 *
 * @param album with the surface as its first depth
 * @param at    which snapshot [s], and which of the album's traps
 */
export function satelliteLooks(
  album: Album,
  at: { readonly time: number; readonly trap: number },
  n: number,
  { dx, seed, resolution }: SatelliteOptions,
): Readonly<Record<"ssh" | "sst", { readonly ocean: Float32Array; readonly seen: Float32Array }>> {
  const { nx, ssh, temperature } = album.snapshots.get(at.time)!;
  const { i, j } = album.cells[at.trap]!;
  const view = satelliteView(nx, dx, seed);
  const box = (field: Float32Array) =>
    Float32Array.from({ length: n * n }, (_, k) => {
      const [column, row] = [i - n / 2 + Math.floor(k / n), j - n / 2 + (k % n)];
      return field[row * nx + column]!;
    });
  const look = (name: "ssh" | "sst", field: Float32Array) => {
    const resolved = degrade(field, nx, dx, resolutionOf(name, resolution));
    return { ocean: box(field), seen: box(view(resolved, name, at.time)) };
  };
  return { ssh: look("ssh", ssh), sst: look("sst", temperature.subarray(0, nx * nx)) };
}

/** Where a trap of the twin lies for its satellites [degrees]; one in degrees stays where it is. */
export function twinPosition(
  trap: Trap,
  side = 1024e3,
): { readonly longitude: number; readonly latitude: number } {
  if (!("east" in trap)) return { longitude: trap.longitude, latitude: trap.latitude };
  const shrink = Math.cos((CENTRE.latitude * Math.PI) / 180);
  return {
    longitude: CENTRE.longitude + (trap.east - side / 2) / (DEGREE * shrink),
    latitude: CENTRE.latitude + (trap.north - side / 2) / DEGREE,
  };
}

function errorSeed(seed: number, name: "ssh" | "sst", time: number): number {
  return seed + 2 * Math.round(time / 86400) + (name === "ssh" ? 0 : 1);
}

/** Smooth error of variance about 1: white noise on coarse nodes, cubic in between. */
function smoothError(
  { xi, yi }: { readonly xi: Float64Array; readonly yi: Float64Array },
  spacing: number,
  random: Random,
): Float64Array {
  const nodes = (along: Float64Array) => {
    const count = Math.max(4, Math.ceil((along.at(-1)! - along[0]!) / spacing) + 2);
    return Float64Array.from({ length: count }, (_, k) => along[0]! + k * spacing);
  };
  const [x, y] = [nodes(xi), nodes(yi)];
  const values = Float64Array.from({ length: x.length * y.length }, () => random.normal());
  return cubicGrid({ x, y, values }, { xi, yi });
}
