/** Towers: their records, folds by site, and the tables a model learns from. */

import { ArgumentError, DataError, makeRandom, shuffle } from "../core/index.js";

/** A tower with its record on the steps of a study. */
export interface Site {
  readonly name: string;
  /** IGBP class */
  readonly type: string;
  /** cell it stands in; −1 where there is no grid */
  readonly cell: number;
  /** [°N] and [°E] */
  readonly latitude: number;
  readonly longitude: number;
  /** shape (steps) [gC m⁻² d⁻¹]; NaN where nothing was measured */
  readonly nee: Float64Array;
  /** component variables at the tower, each of shape (steps) */
  readonly components: Readonly<Record<string, Float32Array>>;
}

/** Samples of many sites: rows of features with a flux and the number of their site. */
export interface TowerTable {
  /** shape (rows, features) */
  readonly x: Float32Array;
  /** shape (rows) [gC m⁻² d⁻¹] */
  readonly y: Float32Array;
  /** number of the site of each row */
  readonly site: Int32Array;
  readonly features: number;
}

/**
 * Put the samples of sites together.
 *
 * @param features of each site, shape (steps, features)
 * @returns rows where flux and features are finite
 * @throws {DataError} naming the sites that have no such row
 */
export function towerTable(
  sites: readonly Pick<Site, "name" | "nee">[],
  features: readonly Float32Array[],
  width: number,
): TowerTable {
  const x: number[] = [];
  const y: number[] = [];
  const site: number[] = [];
  for (const [i, { nee }] of sites.entries()) {
    for (let s = 0; s < nee.length; s++) {
      const row = features[i]!.subarray(s * width, (s + 1) * width);
      if (!Number.isFinite(nee[s]!) || !row.every(Number.isFinite)) continue;
      x.push(...row);
      y.push(nee[s]!);
      site.push(i);
    }
  }
  const seen = new Set(site);
  const empty = sites.filter((_, i) => !seen.has(i)).map(({ name }) => name);
  if (empty.length > 0) {
    const what = `sites ${empty.join(", ")}`;
    const remedy = "leave them out; a fold of no samples would be scored as if it were right";
    throw new DataError({ what, wanted: "samples with flux and drivers", got: "none", remedy });
  }
  return {
    x: Float32Array.from(x),
    y: Float32Array.from(y),
    site: Int32Array.from(site),
    features: width,
  };
}

/**
 * Deal sites into folds, by a seed.
 *
 * @returns the fold of each site; sizes differ by one at most
 */
export function foldsBySite(sites: number, folds: number, seed: number): Int32Array {
  if (!(folds >= 2 && folds <= sites)) {
    throw new ArgumentError({ what: "folds", wanted: `2 to ${sites}`, got: String(folds) });
  }
  const order = shuffle(
    Int32Array.from({ length: sites }, (_, i) => i),
    makeRandom(seed),
  );
  const fold = new Int32Array(sites);
  for (const [place, site] of order.entries()) fold[site] = place % folds;
  return fold;
}

/** Numbers of the rows of a table whose site passes. */
export function rowsOf(table: TowerTable, keep: (site: number) => boolean): Int32Array {
  return Int32Array.from(table.site.keys()).filter((row) => keep(table.site[row]!));
}

/** Some rows of a table, in the order given. */
export function pickRows(table: TowerTable, rows: Int32Array): TowerTable {
  const { features } = table;
  const x = new Float32Array(rows.length * features);
  for (const [i, row] of rows.entries()) {
    x.set(table.x.subarray(row * features, (row + 1) * features), i * features);
  }
  return {
    x,
    features,
    y: Float32Array.from(rows, (row) => table.y[row]!),
    site: Int32Array.from(rows, (row) => table.site[row]!),
  };
}
