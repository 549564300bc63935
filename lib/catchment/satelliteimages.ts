/**
 * The networks' input in the 2025 paper: five images ten days apart, of all fields at four depths
 * (5V-4L), of the surface (5V-1L), or of SSH and SST as satellites resolve them (sst-ssh), the last
 * also with the current that a meter on the trap's mooring measures at 2250 m, 750 m above the trap,
 * where the images have a level (sst-ssh-mooring). Last come the initial PDF, once per output map,
 * and at the quick size one channel that holds the speed.
 *
 * @see Picard et al. (2025), section 2.3
 */

import { ArgumentError } from "../core/index.js";
import { degrade, resolutionOf, type SatelliteResolution } from "./degrade.js";
import {
  type Album,
  type ImageLayout,
  type ImageSource,
  makeImages,
  type SpeedCut,
} from "./images.js";
import { sharedFloats } from "./shared.js";
import type { Snapshot } from "./snapshot.js";

const DAY = 86400;

/** What an image shows. */
export type InputKind = SpeedCut["kind"];

/** The inputs of the paper, richest first. */
export const INPUT_KINDS: readonly InputKind[] = ["5V-4L", "5V-1L", "sst-ssh"];

/** Depths of the snapshots that these inputs need [m]. */
export const DEPTHS_2025: readonly number[] = [0, 750, 1500, 2250];

/** Depth of the current meter of sst-ssh-mooring [m]: the deepest of the images', not the trap's. */
export const METER = 2250;

/** Days of the images before the collection ends, by the code's index arithmetic. */
export function datesOfSpeed(speed: number): readonly number[] {
  const first = speed <= 80 ? -50 : speed <= 150 ? -40 : -30;
  return Array.from({ length: 5 }, (_, k) => (first + 10 * k) * DAY);
}

/** How inputs are made. */
export interface SpeedImageOptions extends SpeedCut {
  /** ocean cells are this wide [m] */
  readonly dx: number;
  /** of sst-ssh, and of the surface fields of 5V-1L where given */
  readonly resolution?: SatelliteResolution | undefined;
  /** added to SSH and SST of sst-ssh, such as the satellites' noise, by snapshot's time */
  readonly disturb?: (field: Float32Array, name: "ssh" | "sst", time: number) => Float32Array;
}

/** Images of samples of several speeds. */
export interface SpeedImages extends ImageSource {
  /** Sinking speed of a sample's particles [m d⁻¹]. */
  speedOf(sample: number): number;
}

/** Channels of an input, without initial PDFs and speed. */
export function fieldsOf(kind: InputKind): number {
  if (kind === "sst-ssh") return 10;
  if (kind === "sst-ssh-mooring") return 20;
  return kind === "5V-1L" ? 25 : 85;
}

/**
 * Images of all windows, speeds and traps (fastest), as `SpeedPdfs` counts its samples.
 *
 * @param album   with snapshots of all dates (`albumDates`)
 * @param windows ends of the collections [s]
 * @throws {ArgumentError} if a date is not in the album, or a box leaves the grid
 */
export function makeSpeedImages(
  album: Album,
  windows: Float64Array,
  options: SpeedImageOptions,
): SpeedImages {
  const { kind, n, maps, speeds, speedChannel = "constant" } = options;
  return cutSpeedImages(degraded(album, options), windows, { kind, n, maps, speeds, speedChannel });
}

/** As `makeSpeedImages`, from an album that already is as coarse as the input. */
function cutSpeedImages(album: Album, windows: Float64Array, options: SpeedCut): SpeedImages {
  const { kind, n, speeds, maps } = options;
  const extra = options.speedChannel === "none" ? 0 : 1;
  const layouts = speeds.map((speed): ImageLayout => {
    const deep = kind === "5V-4L" || kind === "sst-ssh-mooring";
    const depths = deep ? DEPTHS_2025 : [0];
    return { name: kind, depths, dates: datesOfSpeed(speed), pdfChannels: maps };
  });
  const sources = layouts.map((layout) => makeImages(album, windows, layout, n));
  const traps = album.cells.length;
  const fields = fieldsOf(kind);
  const plane = n * n;
  const full = new Float32Array((5 * (4 * layouts[0]!.depths.length + 1) + maps) * plane);
  const layout = { ...layouts[0]!, pdfChannels: maps + extra, channels: fields + maps + extra };
  return {
    layout,
    n,
    count: windows.length * speeds.length * traps,
    speedOf: (sample) => speeds[Math.floor(sample / traps) % speeds.length]!,
    fill(sample, out) {
      const k = Math.floor(sample / traps) % speeds.length;
      const window = Math.floor(sample / (traps * speeds.length));
      sources[k]!.fill(window * traps + (sample % traps), full);
      if (kind === "sst-ssh") pickSatellites(full, out, { plane, perDate: 5 });
      else if (kind === "sst-ssh-mooring") {
        pickSatellites(full, out, { plane, perDate: 17 });
        spreadMooring(full, out.subarray(10 * plane), n);
      } else out.set(full.subarray(0, fields * plane));
      out.set(full.subarray(full.length - maps * plane), fields * plane);
      if (extra === 1) out.fill((speeds[k]! - 150) / 100, (fields + maps) * plane);
    },
  };
}

/** Ends of windows and dates that an album needs for all speeds: hand it to `makeAlbum`. */
export function albumDates(speeds: readonly number[]): readonly number[] {
  return [...new Set(speeds.flatMap(datesOfSpeed))].sort((a, b) => a - b);
}

/** Of each date's T, ζ/f, u, v, SSH only SST and SSH: sst first, as the name has it. */
function pickSatellites(
  full: Float32Array,
  out: Float32Array,
  { plane, perDate }: { readonly plane: number; readonly perDate: number },
): void {
  for (let date = 0; date < 5; date++) {
    for (const [to, from] of [0, perDate - 1].entries()) {
      const start = (perDate * date + from) * plane;
      out.set(full.subarray(start, start + plane), (2 * date + to) * plane);
    }
  }
}

/** u and v of the deepest level over the trap, each date in two constant channels. */
function spreadMooring(full: Float32Array, out: Float32Array, n: number): void {
  const middle = (n / 2) * n + n / 2;
  for (let date = 0; date < 5; date++) {
    for (const [k, quantity] of [11, 15].entries()) {
      const value = full[(17 * date + quantity) * n * n + middle]!;
      out.fill(value, (2 * date + k) * n * n, (2 * date + k + 1) * n * n);
    }
  }
}

/** The album as the satellites see it, where the input is theirs; each snapshot once. */
function degraded(album: Album, options: SpeedImageOptions): Album {
  const { kind, dx, disturb, resolution } = options;
  if (kind === "5V-4L" || (kind === "5V-1L" && resolution === undefined)) return album;
  const snapshots = new Map<number, Snapshot>();
  for (const [time, snapshot] of album.snapshots) {
    const side = sideOf(snapshot);
    const see = (field: Float32Array, name: "ssh" | "sst") => {
      const surface = field.subarray(0, side * side);
      const seen = degrade(surface, side, dx, resolutionOf(name, resolution));
      return disturb === undefined ? seen : disturb(seen, name, time);
    };
    const depth = kind === "sst-ssh" ? side * side : snapshot.temperature.length;
    const temperature = sharedFloats(depth);
    temperature.set(snapshot.temperature.subarray(0, depth));
    temperature.set(see(snapshot.temperature, "sst"));
    const height = sharedFloats(side * side);
    height.set(see(snapshot.ssh, "ssh"));
    const made = { ...snapshot, temperature, ssh: height };
    const flow = kind === "5V-1L" && coarseFlow(snapshot, dx, resolutionOf("ssh", resolution));
    snapshots.set(time, { ...made, ...flow });
  }
  return { ...album, snapshots };
}

/** Vorticity and velocity of the surface at SSH's resolution. */
function coarseFlow(snapshot: Snapshot, dx: number, resolution: number) {
  const side = sideOf(snapshot);
  const see = (field: Float32Array) => {
    const whole = sharedFloats(field.length);
    whole.set(field);
    whole.set(degrade(field.subarray(0, side * side), side, dx, resolution));
    return whole;
  };
  return { vorticity: see(snapshot.vorticity), u: see(snapshot.u), v: see(snapshot.v) };
}

function sideOf({ nx, ny }: Snapshot): number {
  if (nx === ny) return nx;
  throw new ArgumentError({
    what: "grid",
    wanted: "as many rows as columns",
    got: `${ny} × ${nx}`,
  });
}
