/**
 * Real soil cores: depth series of the Coastal Carbon Network's data library, checked core by core,
 * and their carbon stocks. Nothing is repaired silently: a core that cannot be used is masked, with
 * the reason, under its own id.
 */

import { join } from "node:path";
import { ArgumentError } from "../core/index.js";
import { readTable, type Table } from "../io/index.js";
import { forcingOf, makeLand } from "./climate.js";
import { isInside } from "./country.js";
import { clm45Layers } from "./layers.js";
import type { ForcedProfile, Profile } from "./observation.js";

/** One sampled layer as it stands in the file; NaN where missing. */
export interface CoreLayer {
  /** [m] */
  readonly top: number;
  readonly bottom: number;
  /** [g cm⁻³] */
  readonly bulkDensity: number;
  /** carbon per dry mass [–] */
  readonly carbonFraction: number;
}

/** A core as it stands in the files. */
export interface Core {
  readonly id: string;
  /** NaN where missing */
  readonly longitude: number;
  readonly latitude: number;
  readonly layers: readonly CoreLayer[];
}

/** Why a core is masked. */
export type CoreFault =
  | "no position"
  | "missing depth"
  | "missing bulk density"
  | "missing carbon"
  | "negative value"
  | "carbon above 1"
  | "layer without thickness"
  | "overlapping layers";

/** Cores that can be used, and the ids of those that cannot, by reason. */
export interface CheckedCores {
  readonly kept: readonly Core[];
  readonly masked: ReadonlyMap<CoreFault, readonly string[]>;
}

/**
 * Read cores from a depth series and its table of places.
 *
 * @param depthSeries path of `…_depthseries.csv`; depths in cm
 * @param cores       path of `…_cores.csv`
 * @throws {DataError} if a file is missing or no table
 * @throws {MissingVariableError} if it lacks core ids, depths or bulk density
 */
export function readCores(depthSeries: string, cores: string): Core[] {
  const places = readTable(cores);
  const where = new Map<string, readonly [number, number]>();
  const [longitude, latitude] = [places.numbers("longitude"), places.numbers("latitude")];
  for (const [i, id] of places.texts("core_id").entries()) {
    where.set(id, [longitude[i]!, latitude[i]!]);
  }
  const table = readTable(depthSeries);
  const depth = (end: "min" | "max") =>
    table.numbers(firstName(table, [`depth_${end}`, `representative_depth_${end}`]));
  const [top, bottom] = [depth("min"), depth("max")];
  const density = table.numbers("dry_bulk_density");
  const carbon = table.names.includes("fraction_carbon")
    ? table.numbers("fraction_carbon")
    : new Float64Array(table.count).fill(Number.NaN);
  const layers = new Map<string, CoreLayer[]>();
  for (const [i, id] of table.texts("core_id").entries()) {
    const layer = {
      top: top[i]! / 100,
      bottom: bottom[i]! / 100,
      bulkDensity: density[i]!,
      carbonFraction: carbon[i]!,
    };
    layers.set(id, [...(layers.get(id) ?? []), layer]);
  }
  return [...layers].map(([id, own]) => {
    const [x, y] = where.get(id) ?? [Number.NaN, Number.NaN];
    return { id, longitude: x, latitude: y, layers: own.sort((a, b) => a.top - b.top) };
  });
}

/** A source of cores: a folder of the library, and the stem of its files where that differs. */
export interface CoreSource {
  readonly name: string;
  readonly cores: readonly Core[];
}

/**
 * Read sources of the Coastal Carbon Network's data library.
 *
 * @param folder that holds one folder a source
 * @param names  of the sources
 */
export function readSources(folder: string, names: readonly string[]): CoreSource[] {
  return names.map((name) => {
    const stem = join(folder, name, "derivative", name);
    return { name, cores: readCores(`${stem}_depthseries.csv`, `${stem}_cores.csv`) };
  });
}

/**
 * Write profiles as cores of one bulk density, 1.3 g cm⁻³, layers ending midway between their
 * middles: what stands in for real cores where there are none.
 */
export function coresOfProfiles(profiles: readonly Profile[]): Core[] {
  const bulkDensity = 1.3;
  return profiles.map(({ id, longitude, latitude, depth, carbon }) => {
    const edge = (i: number): number => {
      if (i === 0) return 0;
      if (i < depth.length) return (depth[i - 1]! + depth[i]!) / 2;
      return 2 * depth[i - 1]! - edge(i - 1);
    };
    const layers = Array.from(carbon, (c, i) => ({
      top: edge(i),
      bottom: edge(i + 1),
      bulkDensity,
      carbonFraction: c / (bulkDensity * 1e6),
    }));
    return { id, longitude, latitude, layers };
  });
}

/** Check cores: each is kept whole, or masked under the first fault that it has. */
export function checkCores(cores: readonly Core[]): CheckedCores {
  const kept: Core[] = [];
  const masked = new Map<CoreFault, string[]>();
  for (const core of cores) {
    const fault = faultOf(core);
    if (fault === undefined) kept.push(core);
    else masked.set(fault, [...(masked.get(fault) ?? []), core.id]);
  }
  return { kept, masked };
}

/** Carbon density of a layer [gC m⁻³]. */
export function layerCarbon({ bulkDensity, carbonFraction }: CoreLayer): number {
  return bulkDensity * 1e6 * carbonFraction;
}

/**
 * Carbon between the surface and a depth; a gap between two layers takes the mean of both.
 *
 * @param depth [m]
 * @returns [kgC m⁻²]; NaN where the core does not reach the depth or starts below the surface
 * @throws {ArgumentError} if the depth is not above 0
 */
export function coreStock({ layers }: Core, depth: number): number {
  if (!(depth > 0)) throw new ArgumentError({ what: "depth", wanted: "> 0 m", got: `${depth}` });
  if (layers[0]!.top > 0.02 || layers.at(-1)!.bottom < depth - 1e-9) return Number.NaN;
  let stock = 0;
  let reached = 0;
  let above = layerCarbon(layers[0]!);
  for (const layer of layers) {
    const carbon = layerCarbon(layer);
    stock += ((above + carbon) / 2) * thicknessTo(reached, layer.top, depth);
    stock += carbon * thicknessTo(layer.top, layer.bottom, depth);
    reached = layer.bottom;
    above = carbon;
  }
  return stock / 1000;
}

/** A core as a profile: mid-depths and carbon densities; layers without carbon are left out. */
export function coreProfile({ id, longitude, latitude, layers }: Core): Profile {
  const filled = layers.filter((layer) => layerCarbon(layer) > 0);
  return {
    id,
    longitude,
    latitude,
    depth: Float64Array.from(filled, ({ top, bottom }) => (top + bottom) / 2),
    carbon: Float64Array.from(filled, layerCarbon),
  };
}

/** Whether a profile passes the published filter: deeper than 0.5 m, more than 2 layers. */
export function isDeepEnough({ depth }: Profile): boolean {
  return depth.length > 2 && depth[depth.length - 1]! > 0.5;
}

/**
 * Pick cores of the conterminous United States to fit the model to: those with most layers among the
 * deep enough, from different degrees of latitude.
 */
export function pickCores(cores: readonly Core[], count: number): Profile[] {
  const profiles = cores
    .map(coreProfile)
    .filter((profile) => isDeepEnough(profile) && isInside(profile))
    .sort((a, b) => b.depth.length - a.depth.length || a.id.localeCompare(b.id));
  const belts = new Set<number>();
  const picked = profiles.filter(({ latitude }) => {
    const belt = Math.floor(latitude);
    if (belts.has(belt)) return false;
    belts.add(belt);
    return true;
  });
  return picked.slice(0, count);
}

/**
 * Give profiles a forcing where none is known: that of the twin's smooth land, from latitude,
 * longitude and its ridges (docs/twins/soil.md). An approximation, to be named where it is used.
 */
export function forceProfiles(profiles: readonly Profile[]): ForcedProfile[] {
  const land = makeLand();
  const { nodes } = clm45Layers();
  return profiles.map((profile) => ({ ...profile, forcing: forcingOf(land(profile), nodes) }));
}

function faultOf({ longitude, latitude, layers }: Core): CoreFault | undefined {
  const any = (test: (layer: CoreLayer) => boolean) => layers.some(test);
  if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) return "no position";
  if (any((l) => !Number.isFinite(l.top + l.bottom))) return "missing depth";
  if (any((l) => !Number.isFinite(l.bulkDensity))) return "missing bulk density";
  if (any((l) => !Number.isFinite(l.carbonFraction))) return "missing carbon";
  if (any((l) => Math.min(l.top, l.bulkDensity, l.carbonFraction) < 0)) return "negative value";
  if (any((l) => l.carbonFraction > 1)) return "carbon above 1";
  if (any((l) => l.bottom <= l.top)) return "layer without thickness";
  const overlaps = layers.some((l, i) => i > 0 && l.top < layers[i - 1]!.bottom - 1e-9);
  return overlaps ? "overlapping layers" : undefined;
}

function thicknessTo(top: number, bottom: number, depth: number): number {
  return Math.max(0, Math.min(bottom, depth) - Math.min(top, depth));
}

function firstName(table: Table, names: readonly string[]): string {
  return names.find((name) => table.names.includes(name)) ?? names[0]!;
}
