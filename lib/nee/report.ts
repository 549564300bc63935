/** Tables, diagrams and sweeps that the notebook shows. */

import { makeRandom, shuffle } from "../core/index.js";
import type { Column, DiagramParts } from "../figures/index.js";
import type { Engine } from "../learn/index.js";
import type { PairOptions } from "./dual.js";
import type { Operator } from "./operator.js";
import { seriesOf } from "./picture.js";
import { REGIONS } from "./region.js";
import {
  annualSums,
  anomalyR2,
  detrend,
  deviationOf,
  meanOf,
  type SeriesScores,
  scoreSeries,
} from "./score.js";
import { type LandEnsemble, type LandField, type LandStudy, trainVariant } from "./study.js";

const PLACES = ["globe", "tropics", "extratropics", ...REGIONS.map(({ code }) => code)];

/** Scores of one model for the globe, both belts and every region, in that order. */
export function scorePlaces(
  model: Pick<LandField, "regions">,
  reference: Pick<LandField, "regions">,
): SeriesScores[] {
  return PLACES.map((place) => scoreSeries(seriesOf(model, place), seriesOf(reference, place)));
}

/** Scores of one model for every region. */
export function scoreRegions(
  model: Pick<LandField, "regions">,
  reference: Pick<LandField, "regions">,
): SeriesScores[] {
  return scorePlaces(model, reference).slice(3);
}

/** Columns of a table: places, then one column for each score of each model. */
export function scoreColumns(
  models: readonly LandField[],
  reference: Pick<LandField, "regions">,
  scores: readonly {
    readonly key: keyof SeriesScores;
    readonly name: string;
    readonly units: string;
  }[],
): Column[] {
  const all = models.map((model) => scorePlaces(model, reference));
  const places: Column = { name: "Place", units: "", values: PLACES };
  const columns = scores.flatMap(({ key, name, units }) =>
    models.map((model, i): Column => {
      const values = all[i]!.map((score) => (Number.isFinite(score[key]) ? score[key] : null));
      return { name: `${name}, ${model.name}`, units, values, digits: 2 };
    }),
  );
  return [places, ...columns];
}

/** A field that repeats the mean season of a reference every year: what every model must beat. */
export function climatologyOf({ regions }: LandField): LandField {
  const count = REGIONS.length;
  const months = regions.length / count;
  const cycle = new Float64Array(12 * count);
  for (let p = 0; p < regions.length; p++) {
    const at = (Math.floor(p / count) % 12) * count + (p % count);
    cycle[at] = cycle[at]! + (regions[p]! * 12) / months;
  }
  const repeated = regions.map(
    (_, p) => cycle[(Math.floor(p / count) % 12) * count + (p % count)]!,
  );
  return { name: "climatology", field: new Float32Array(0), regions: repeated };
}

/** R² of detrended, standardised annual anomalies of the globe. */
export function globalAnomalyR2(
  a: Pick<LandField, "regions">,
  b: Pick<LandField, "regions">,
): number {
  const annual = (field: Pick<LandField, "regions">) => annualSums(seriesOf(field, "globe"));
  return anomalyR2(annual(a), annual(b));
}

/** How a sweep trains each of its models. */
export type SweepOptions = PairOptions & { readonly engine: Engine };

/** One against many: EC-ATM of the first inversion, of the last, of two and three drawn by chance, of all. */
export async function oneAgainstMany(
  study: LandStudy,
  operator: Operator,
  options: SweepOptions,
): Promise<LandEnsemble[]> {
  const all = study.inversions;
  const order = shuffle(Array.from(all.keys()), makeRandom(options.seed, 800));
  const sets = [[0], [all.length - 1], order.slice(0, 2), order.slice(0, 3), [...all.keys()]];
  const models: LandEnsemble[] = [];
  for (const [i, set] of sets.entries()) {
    const picked = set.toSorted((a, b) => a - b).map((a) => all[a]!);
    const numbers = picked.map((inversion) => inversion.name.replace("INV-", "")).join("+");
    const { onProgress, ...own } = options;
    const name = `inversion ${numbers}`;
    models.push(await trainVariant(study, operator, { ...own, name }, picked));
    onProgress?.(i + 1, sets.length);
  }
  return models;
}

/** Settings of the loss and of its steps that the paper tried. */
export const SENSITIVITIES = {
  "ℓ3, as published": {},
  ℓ1: { norm: 1 },
  ℓ2: { norm: 2 },
  "6 regions a step": { regionsPerStep: 6 },
  "3 months a step": { monthsPerStep: 3, repeats: 1 },
} as const satisfies Readonly<Record<string, Partial<PairOptions>>>;

/** Train EC-ATM once with each setting. */
export async function sweepSettings(
  study: LandStudy,
  operator: Operator,
  options: SweepOptions,
): Promise<LandEnsemble[]> {
  const models: LandEnsemble[] = [];
  const settings = Object.entries(SENSITIVITIES);
  const { onProgress, ...own } = options;
  for (const [i, [name, setting]] of settings.entries()) {
    models.push(await trainVariant(study, operator, { ...own, ...setting, name }));
    onProgress?.(i + 1, settings.length);
  }
  return models;
}

/** The workflow of the dual constraint as boxes and arrows (the paper's figure 1). */
export function workflowParts(): DiagramParts {
  const box = (
    id: string,
    text: string,
    [x, y]: readonly [number, number],
    kind: "data" | "step" | "result",
  ) => {
    return { id, text, x, y, width: 210, height: 84, kind };
  };
  return {
    boxes: [
      box("towers", "Towers: NEE and drivers of site-days", [0, 0], "data"),
      box("pixels", "Drivers of contributing pixels, a full year", [0, 150], "data"),
      box("upscaling", "Upscaling from towers, monthly", [0, 300], "data"),
      box("inversions", "Five inversions less fire, 18 regions", [0, 450], "data"),
      box("network", "One network: 10–32–32–1, ReLU", [300, 75], "step"),
      box("bridges", "Bridges: warping, clusters, Lasso", [300, 300], "step"),
      box("ec", "L_EC: squared miss at towers", [600, 0], "step"),
      box("atm", "L_ATM: ℓ3 of misses over the range of inversions", [600, 300], "step"),
      box("loss", "Σ ½ e^(−η) L + ½ η, learned η", [900, 150], "result"),
    ],
    arrows: [
      { from: "towers", to: "network" },
      { from: "pixels", to: "network" },
      { from: "upscaling", to: "bridges" },
      { from: "network", to: "ec" },
      { from: "network", to: "bridges", sides: ["bottom", "top"] },
      { from: "bridges", to: "atm" },
      { from: "inversions", to: "atm", sides: ["right", "bottom"] },
      { from: "ec", to: "loss" },
      { from: "atm", to: "loss" },
    ],
  };
}

/** The network, layer by layer (the paper's figure B1). */
export function networkDrawing(widths: readonly number[]): DiagramParts {
  const names = widths.map((width, i) => {
    if (i === 0) return `${width} drivers of a pixel and step`;
    return i === widths.length - 1 ? "NEE, no activation" : `${width} units, ReLU`;
  });
  return {
    boxes: names.map((text, i) => ({
      id: `layer${i}`,
      text,
      x: i * 230,
      y: 0,
      width: 170,
      height: 90,
      kind:
        i === 0
          ? ("data" as const)
          : i === widths.length - 1
            ? ("result" as const)
            : ("step" as const),
    })),
    arrows: widths
      .slice(1)
      .map((_, i) => ({ from: `layer${i}`, to: `layer${i + 1}`, text: "dense" })),
  };
}

/** Mean annual flux of the globe, a belt or a region [PgC a⁻¹]. */
export function yearlyMean(field: Pick<LandField, "regions">, place: string): number {
  return meanOf(annualSums(seriesOf(field, place)));
}

/** Standard deviation of the detrended annual flux of a place [PgC a⁻¹]. */
export function yearlySpread(field: Pick<LandField, "regions">, place: string): number {
  return deviationOf(detrend(annualSums(seriesOf(field, place))));
}

/** One score of several models for every region, by the models' names. */
export function regionScores(
  models: readonly LandField[],
  reference: Pick<LandField, "regions">,
  score: keyof SeriesScores,
): Record<string, number[]> {
  const all = models.map((model) => [model.name, scoreRegions(model, reference)] as const);
  return Object.fromEntries(all.map(([name, scores]) => [name, scores.map((s) => s[score])]));
}

/** Mean over the regions of a belt of RMSE(model) / RMSE(other) of the mean season. */
export function seasonRatio(
  [model, other]: readonly [LandField, LandField],
  reference: Pick<LandField, "regions">,
  belt: "tropics" | "extratropics",
): number {
  const [a, b] = [scoreRegions(model, reference), scoreRegions(other, reference)];
  const own = Array.from(REGIONS.keys()).filter((r) => REGIONS[r]!.belt === belt);
  return meanOf(own.map((r) => a[r]!.cycleRmse / b[r]!.cycleRmse));
}

/** Tropical sites by how far the first score lies above the second, largest first; others left out. */
export function tropicalGains(
  sites: readonly { readonly latitude: number }[],
  before: ArrayLike<number>,
  after: ArrayLike<number>,
): { readonly site: number; readonly gain: number }[] {
  return Array.from(sites.keys())
    .map((site) => ({ site, gain: before[site]! - after[site]! }))
    .filter(({ site, gain }) => Number.isFinite(gain) && Math.abs(sites[site]!.latitude) < 23.5)
    .sort((a, b) => b.gain - a.gain);
}
