/**
 * CARDAMOM-FluxVal 1.0: monthly fluxes and drivers of 204 FLUXNET2015 sites, 2001–2016 (CC-BY-4.0; cite
 * Pastorello et al. 2020 and Yang et al.). `cbf_files/flux_site_k.cbf` belongs to row k of
 * `location_fluxnet.csv`; fluxes that were kept for validation stand in `validation_data/`.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../core/index.js";
import { readTable } from "../io/index.js";
import { makeSteps, type Steps } from "./steps.js";
import type { Site } from "./tower.js";
import { potentialLight } from "./twin-climate.js";

const HEADER = 300;
const MONTHS = 192;
const COLUMNS = 20;
const MISSING = -9999;

/** Columns of a month, met first. */
const COLUMN = {
  tmin: 1,
  tmax: 2,
  light: 3,
  burned: 6,
  vpd: 7,
  rain: 8,
  gpp: 9,
  lai: 10,
  nee: 11,
} as const;

/** Sites with their components, and what was found of them. */
export interface CardamomSites {
  readonly steps: Steps;
  /** sites that have NEE and leaf area */
  readonly sites: readonly Site[];
  /** why the others are left out, by name */
  readonly leftOut: Readonly<Record<string, "no NEE" | "no leaf area">>;
  /** months with NEE in the two kinds of file */
  readonly months: { readonly cbf: number; readonly validation: number };
}

/**
 * Read all sites of a folder of CARDAMOM-FluxVal.
 *
 * @throws {DataError} if a file has not the layout, or stands at another latitude than its row
 */
export function readCardamom(folder: string): CardamomSites {
  const table = readTable(join(folder, "location_fluxnet.csv"));
  const [names, types] = [table.texts("Flux_name"), table.texts("LC")];
  const [latitude, longitude] = [table.numbers("Lat"), table.numbers("lon")];
  const steps = makeSteps(2001, MONTHS / 12, 1);
  const sites: Site[] = [];
  const leftOut: Record<string, "no NEE" | "no leaf area"> = {};
  const months = { cbf: 0, validation: 0 };
  for (const [i, name] of names.entries()) {
    const path = join(folder, "cbf_files", `flux_site_${i + 1}.cbf`);
    const rows = readBinary(path, latitude[i]!);
    const nee = columnOf(rows, COLUMN.nee);
    months.cbf += countFinite(nee);
    months.validation += addValidation(folder, name, nee);
    const leaf = columnOf(rows, COLUMN.lai);
    if (countFinite(nee) === 0) leftOut[name] = "no NEE";
    else if (countFinite(leaf) === 0) leftOut[name] = "no leaf area";
    else {
      const place = {
        name,
        type: types[i]!,
        cell: -1,
        latitude: latitude[i]!,
        longitude: longitude[i]!,
      };
      sites.push({ ...place, nee, components: componentsOf(rows, leaf, latitude[i]!, steps) });
    }
  }
  return { steps, sites, leftOut, months };
}

/** The months of a binary file, row-major (192, 20), with NaN where missing. */
function readBinary(path: string, latitude: number): Float64Array {
  if (!existsSync(path))
    throw new DataError({ where: path, what: "site", wanted: "a file", got: "none" });
  const bytes = readFileSync(path);
  const wanted = 8 * (HEADER + MONTHS * COLUMNS);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < wanted || view.getFloat64(16, true) !== MONTHS) {
    const got = `${bytes.length} bytes`;
    throw new DataError({ where: path, what: "cbf", wanted: `${wanted} bytes of 192 months`, got });
  }
  const own = view.getFloat64(8, true);
  if (Math.abs(own - latitude) > 0.3) {
    throw new DataError({
      where: path,
      what: "latitude",
      wanted: `near ${latitude}`,
      got: `${own}`,
    });
  }
  return Float64Array.from({ length: MONTHS * COLUMNS }, (_, p) => {
    const value = view.getFloat64(8 * (HEADER + p), true);
    return value === MISSING ? Number.NaN : value;
  });
}

function columnOf(rows: Float64Array, column: number): Float64Array {
  return Float64Array.from({ length: MONTHS }, (_, m) => rows[m * COLUMNS + column]!);
}

function countFinite(values: Float64Array): number {
  return values.reduce((n, v) => n + (Number.isFinite(v) ? 1 : 0), 0);
}

/** Put the months of the validation file into a record; returns how many. */
function addValidation(folder: string, name: string, nee: Float64Array): number {
  const path = join(folder, "validation_data", `validation_${name}.csv`);
  if (!existsSync(path)) return 0;
  const table = readTable(path);
  const [month, values] = [table.numbers("ID"), table.numbers("NEE")];
  let added = 0;
  for (const [row, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    const m = month[row]! - 1;
    if (!(m >= 0 && m < MONTHS) || Number.isFinite(nee[m]!)) {
      const got = `month ${month[row]} ${m < MONTHS && m >= 0 ? "twice" : ""}`;
      throw new DataError({ where: path, what: "ID", wanted: "each month once, 1 to 192", got });
    }
    nee[m] = value;
    added++;
  }
  return added;
}

/** Drivers of a site; leaf area is its mean season, filled in time where months are missing. */
function componentsOf(
  rows: Float64Array,
  leaf: Float64Array,
  latitude: number,
  steps: Steps,
): Record<string, Float32Array> {
  const [tmin, tmax] = [columnOf(rows, COLUMN.tmin), columnOf(rows, COLUMN.tmax)];
  const [light, vpd] = [columnOf(rows, COLUMN.light), columnOf(rows, COLUMN.vpd)];
  const rain = columnOf(rows, COLUMN.rain);
  const warm = tmin.map((low, m) => (low + tmax[m]!) / 2);
  const single = (values: Float64Array) => Float32Array.from(values);
  return {
    Tmin: single(tmin),
    Tmax: single(tmax),
    Tair: single(warm),
    Rg: single(light),
    VPD: single(vpd),
    P: single(rain),
    LAI: single(fillSeason(leaf)),
    Rpot: Float32Array.from(steps.dayOfYear, (day) => potentialLight(latitude, day) * 0.0864),
    WAI: single(bucket(rain, warm, light, steps)),
  };
}

/** Mean season of a record, missing calendar months taken from their neighbours in the year. */
function fillSeason(values: Float64Array): Float64Array {
  const [sums, counts] = [new Float64Array(12), new Float64Array(12)];
  for (const [m, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    sums[m % 12] = sums[m % 12]! + value;
    counts[m % 12] = counts[m % 12]! + 1;
  }
  const season = sums.map((sum, m) => sum / counts[m]!);
  const filled = season.map((value, m) => {
    for (let away = 0; away <= 6; away++) {
      const near = [season[(m + away) % 12]!, season[(m - away + 12) % 12]!].filter(
        Number.isFinite,
      );
      if (near.length > 0) return near.reduce((a, b) => a + b, 0) / near.length;
    }
    return value;
  });
  return values.map((_, m) => filled[m % 12]!);
}

/**
 * Water availability: a bucket of 100 mm, filled by rain and emptied by Priestley–Taylor's demand in
 * proportion to its filling; share of the bucket (after Tramontana et al. 2016).
 */
function bucket(
  rain: Float64Array,
  warm: Float64Array,
  light: Float64Array,
  steps: Steps,
): Float64Array {
  let water = 50;
  const run = () =>
    rain.map((p, m) => {
      const t = Math.max(-10, warm[m]!);
      const slope = (4098 * 0.6108 * Math.exp((17.27 * t) / (t + 237.3))) / (t + 237.3) ** 2;
      const demand = Math.max(0, (1.26 * (slope / (slope + 0.066)) * 0.6 * light[m]!) / 2.45);
      const days = steps.daysOfMonth[m]!;
      for (let d = 0; d < days; d++) water = Math.min(100, water + p - demand * (water / 100));
      return water / 100;
    });
  run(); // once round to forget the start
  return run();
}
