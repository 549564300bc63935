/**
 * The half of the study that runs on real towers: networks learnt from all sites but a fold, tested on
 * that fold, beside ridge regression.
 */

import { makeRandom, shuffle } from "../core/index.js";
import { arraySource, cosineDecay, type Engine, mlp, train } from "../learn/index.js";
import {
  applyLimits,
  applyScaler,
  type DriverRecipe,
  fitLimits,
  fitScaler,
  makeDrivers,
} from "./driver.js";
import { predictRows } from "./forward.js";
import { fitRidge, predictRidge } from "./ridge.js";
import { meanOf, nashSutcliffe, rmse } from "./score.js";
import type { Steps } from "./steps.js";
import { foldsBySite, pickRows, rowsOf, type Site, type TowerTable, towerTable } from "./tower.js";

const step = (...of: string[]): DriverRecipe => recipe("step", of);
const cycle = (...of: string[]): DriverRecipe => recipe("cycle", of);
const extremes = (name: string): DriverRecipe[] =>
  (["min", "max", "range"] as const).map((operation) => recipe(operation, [name]));

function recipe(operation: DriverRecipe["operation"], of: readonly string[]): DriverRecipe {
  const product = of.join(" × ");
  return { name: operation === "step" ? product : `${operation} ${product}`, operation, of };
}

/** Drivers of the monthly sites: the month itself, mean seasons, and what is typical of the site. */
export const SITE_DRIVERS: readonly DriverRecipe[] = [
  ...["Tair", "Tmin", "Tmax", "Rg", "VPD", "P", "WAI", "LAI", "Rpot"].map((name) => step(name)),
  step("LAI", "Rg"),
  step("LAI", "Tair"),
  step("LAI", "WAI"),
  step("Tair", "Tair"),
  step("VPD", "Rg"),
  ...["Tair", "Rg", "VPD", "P", "WAI"].map((name) => cycle(name)),
  ...["LAI", "Tair", "VPD", "P", "WAI"].flatMap(extremes),
];

/** The features of the ridge baseline. */
export const RIDGE_DRIVERS: readonly DriverRecipe[] = [
  step("Tair"),
  step("Rg"),
  step("VPD"),
  step("P"),
  step("LAI"),
  step("LAI", "Rg"),
  step("LAI", "Tair"),
  recipe("range", ["LAI"]),
  step("Tair", "Tair"),
];

/** How the test by folds runs. */
export interface SiteTestOptions {
  readonly seed: number;
  /** 10 by default */
  readonly folds?: number;
  /** networks of a fold; each chooses its epoch by other sites; 5 by default */
  readonly members?: number;
  /** 30 by default */
  readonly epochs?: number;
  readonly hidden?: readonly number[];
  /** share of hidden units dropped, 0.2 by default */
  readonly dropout?: number;
  readonly learningRate?: number;
  readonly l2?: number;
  readonly engine?: Engine;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Predictions at sites that no model saw. */
export interface SiteTest {
  readonly table: TowerTable;
  /** mean of the networks of the fold, shape (rows) [gC m⁻² d⁻¹] */
  readonly network: Float32Array;
  readonly ridge: Float32Array;
}

/** Features and fluxes of sites. */
export function siteTable(
  sites: readonly Site[],
  steps: Steps,
  recipes: readonly DriverRecipe[],
): TowerTable {
  const features = sites.map(({ components }) => makeDrivers(recipes, components, steps));
  return towerTable(sites, features, recipes.length);
}

/**
 * Predict every site by models that did not see it: folds by site, inputs drawn into the 1st to 99th
 * percentile of the training sites and scaled by them, networks' epochs chosen by a tenth of the
 * training sites that differs between members.
 */
export async function testBySite(
  sites: readonly Site[],
  steps: Steps,
  options: SiteTestOptions,
): Promise<SiteTest> {
  const { seed, folds = 10, members = 5 } = options;
  const table = siteTable(sites, steps, SITE_DRIVERS);
  const simple = siteTable(sites, steps, RIDGE_DRIVERS);
  const deal = foldsBySite(sites.length, folds, seed);
  const network = new Float32Array(table.y.length);
  const ridge = new Float32Array(table.y.length);
  for (let fold = 0; fold < folds; fold++) {
    const out = rowsOf(table, (site) => deal[site] === fold);
    const inside = rowsOf(table, (site) => deal[site] !== fold);
    const base = prepare(pickRows(simple, inside), pickRows(simple, out));
    const line = fitRidge(base.train.x, base.train.y, { features: simple.features, lambda: 10 });
    const flat = predictRidge(line, base.test.x);
    const ready = prepare(pickRows(table, inside), pickRows(table, out));
    for (const [i, row] of out.entries()) ridge[row] = flat[i]!;
    for (let m = 0; m < members; m++) {
      const guessed = await trainMember(ready, { ...options, seed: seed * 1000 + fold * 50 + m });
      for (const [i, row] of out.entries()) network[row] = network[row]! + guessed[i]! / members;
      options.onProgress?.(fold * members + m + 1, folds * members);
    }
  }
  return { table, network, ridge };
}

interface Prepared {
  readonly train: TowerTable;
  readonly test: TowerTable;
}

function prepare(train: TowerTable, test: TowerTable): Prepared {
  const limits = fitLimits(train.x, train.features);
  const drawn = applyLimits(limits, train.x);
  const scaler = fitScaler(drawn, train.features);
  return {
    train: { ...train, x: applyScaler(scaler, drawn) },
    test: { ...test, x: applyScaler(scaler, applyLimits(limits, test.x)) },
  };
}

async function trainMember(
  { train: table, test }: Prepared,
  options: SiteTestOptions,
): Promise<Float32Array> {
  const { seed, epochs = 30, hidden = [32, 32], dropout = 0.2, learningRate = 3e-3 } = options;
  const own = [...new Set(table.site)];
  const chosen = new Set(
    shuffle(own, makeRandom(seed, 1)).slice(0, Math.max(1, Math.round(own.length / 10))),
  );
  const source = (keep: (site: number) => boolean) => {
    const rows = pickRows(table, rowsOf(table, keep));
    const count = rows.y.length;
    return {
      x: { data: rows.x, shape: [count, table.features] },
      y: { data: rows.y, shape: [count, 1] },
    };
  };
  const { model } = await train(
    mlp({ features: table.features, hidden, outputs: 1, dropout }),
    {
      train: arraySource(source((site) => !chosen.has(site))),
      validation: arraySource(source((site) => chosen.has(site))),
    },
    {
      loss: { kind: "mse" },
      batchSize: 512,
      epochs,
      seed,
      learningRate: cosineDecay(learningRate, epochs, learningRate / 10),
      l2: options.l2 ?? 1e-3,
      ...(options.engine === undefined ? {} : { engine: options.engine }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  return predictRows(model, test.x, options);
}

/** How well unseen sites are predicted, and what of it lies within and between sites. */
export interface SiteTestScores {
  readonly rmse: number;
  readonly nse: number;
  /** R² of the months less the mean of their site */
  readonly within: number;
  /** R² of the means of sites */
  readonly between: number;
  readonly samples: number;
  readonly sites: number;
}

/** Score predictions of unseen sites; `keep` picks sites, all by default. */
export function scoreSites(
  table: TowerTable,
  predicted: Float32Array,
  keep: (site: number) => boolean = () => true,
): SiteTestScores {
  const rows = rowsOf(table, keep);
  const take = (values: Float32Array) => Float64Array.from(rows, (row) => values[row]!);
  const [model, observed] = [take(predicted), take(table.y)];
  const site = Int32Array.from(rows, (row) => table.site[row]!);
  const numbers = [...new Set(site)];
  const meansOf = (values: Float64Array) =>
    new Map(numbers.map((s) => [s, meanOf(values.filter((_, i) => site[i] === s))]));
  const [a, b] = [meansOf(model), meansOf(observed)];
  const centred = (values: Float64Array, means: Map<number, number>) =>
    values.map((v, i) => v - means.get(site[i]!)!);
  return {
    rmse: rmse(model, observed),
    nse: nashSutcliffe(model, observed),
    within: nashSutcliffe(centred(model, a), centred(observed, b)),
    between: nashSutcliffe([...a.values()], [...b.values()]),
    samples: rows.length,
    sites: numbers.length,
  };
}
