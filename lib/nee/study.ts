/**
 * The study in steps: a land with its towers and inversions made ready, an upscaling that bridges are
 * fitted to, pairs of EC and EC-ATM over folds, and what is said of them.
 */

import type { Engine } from "../learn/index.js";
import { type Bridge, bridgeOperator } from "./bridge.js";
import { type Decoupling, decoupling, isCoupled } from "./diagnose.js";
import { applyScaler, fitScaler, makeDrivers, type Scaler, UPTON_DRIVERS } from "./driver.js";
import {
  heldOutOf,
  type PairData,
  type PairMember,
  type PairOptions,
  trainEc,
  trainEcAtm,
} from "./dual.js";
import { constraintRange, makeConstraint } from "./dual-source.js";
import { averageFields, predictRows, runForward } from "./forward.js";
import { regionSums } from "./grid.js";
import { makeOperator, type Operator } from "./operator.js";
import { REGIONS } from "./region.js";
import { monthlyMeans } from "./steps.js";
import { type TowerTable, towerTable } from "./tower.js";
import type { LandTwin } from "./twin.js";
import { type Inversion, makeInversions } from "./twin-inversion.js";
import { type BridgeGap, watchBridges } from "./watch.js";

/** A monthly field with the sums of its regions. */
export interface LandField {
  readonly name: string;
  /** shape (months, cells) [gC m⁻² d⁻¹] */
  readonly field: Float32Array;
  /** shape (months, regions) [PgC per month] */
  readonly regions: Float64Array;
}

/** A twin land made ready to learn from. */
export interface LandStudy {
  readonly twin: LandTwin;
  readonly truth: LandField;
  readonly inversions: readonly Inversion[];
  /** scaled, shape (steps, cells, features) */
  readonly drivers: Float32Array;
  readonly scaler: Scaler;
  readonly towers: TowerTable;
  /** land area of each region [m²] */
  readonly areas: Float64Array;
}

/** Make drivers, towers and inversions of a twin ready. */
export function prepareStudy(twin: LandTwin, seed: number): LandStudy {
  const { grid, steps, sites } = twin;
  const features = UPTON_DRIVERS.length;
  const raw = makeDrivers(UPTON_DRIVERS, twin.truth.components, steps);
  const scaler = fitScaler(raw, features);
  const ofSites = sites.map(({ components }) =>
    applyScaler(scaler, makeDrivers(UPTON_DRIVERS, components, steps)),
  );
  const areas = new Float64Array(REGIONS.length);
  for (const [c, region] of grid.region.entries()) {
    areas[region] = areas[region]! + grid.area[c]!;
  }
  return {
    twin,
    truth: landField(twin, "truth", monthlyMeans(steps, twin.truth.nee, grid.area.length)),
    inversions: makeInversions(twin, seed),
    drivers: applyScaler(scaler, raw),
    scaler,
    towers: towerTable(sites, ofSites, features),
    areas,
  };
}

/** A field with the sums of its regions. */
export function landField(twin: LandTwin, name: string, field: Float32Array): LandField {
  return { name, field, regions: regionSums(twin.grid, field, twin.steps.daysOfMonth) };
}

/** What a pair learns from: towers, and inversions through an operator. */
export function pairData(
  study: LandStudy,
  operator: Operator,
  inversions: readonly Inversion[] = study.inversions,
): PairData {
  const { steps } = study.twin;
  const all = study.inversions.map(({ regions }) => regions);
  const constraint = makeConstraint({
    steps,
    operator,
    drivers: study.drivers,
    inversions: inversions.map(({ regions }) => regions),
    ranges: constraintRange(all, REGIONS.length),
    areas: study.areas,
  });
  return { towers: study.towers, sites: study.twin.sites.length, constraint };
}

/** How an ensemble is trained. */
export interface EnsembleOptions extends Omit<PairOptions, "fold"> {
  /** how many of the folds are trained, from the first */
  readonly members: number;
  readonly engine: Engine;
}

/**
 * The twin's own upscaling: the mean of EC models of towers alone, with seeds of their own. It stands
 * for FLUXCOM; bridges are fitted to it.
 */
export async function upscale(study: LandStudy, options: EnsembleOptions): Promise<LandField> {
  const fields: Float32Array[] = [];
  for (let fold = 0; fold < options.members; fold++) {
    fields.push(await upscaleFold(study, { ...options, fold }));
  }
  return joinUpscaling(study, fields);
}

/** One member of the upscaling: its monthly field, shape (months, cells) [gC m⁻² d⁻¹]. */
export async function upscaleFold(
  study: LandStudy,
  options: PairOptions & { readonly engine: Engine },
): Promise<Float32Array> {
  const { twin } = study;
  // EC needs no operator: one that looks at one cell a region keeps its windows small
  const rows = REGIONS.map(({ code }, r) => {
    return { name: code, cells: [twin.grid.region.indexOf(r)], weights: [0] };
  });
  const data = pairData(study, makeOperator(rows, twin.grid.area.length));
  const { model } = await trainEc(data, { ...options, seed: options.seed + 1000 });
  const { engine, signal } = options;
  return runForward(model, study.drivers, twin.steps, { engine, ...(signal && { signal }) });
}

/** The upscaling from its members. */
export function joinUpscaling({ twin }: LandStudy, fields: readonly Float32Array[]): LandField {
  return landField(twin, "upscaling", averageFields(fields).mean);
}

/** A member that was run forward, with what was checked of it. */
export interface RunMember extends PairMember {
  readonly field: Float32Array;
  readonly decoupling: Decoupling;
  readonly accepted: boolean;
}

/** An ensemble: its accepted members' mean, and predictions at towers that members did not see. */
export interface LandEnsemble extends LandField {
  readonly members: readonly RunMember[];
  /** spread of the members' mean annual globe [PgC a⁻¹] */
  readonly spread: number;
  /** shape (rows of the tower table); NaN at sites of folds that were not trained */
  readonly atTowers: Float32Array;
}

/** EC and EC-ATM, trained as pairs. */
export interface LandPairs {
  readonly ec: LandEnsemble;
  readonly ecAtm: LandEnsemble;
}

/** A pair of one fold. */
export interface TrainedPair {
  readonly ec: RunMember;
  readonly ecAtm: RunMember;
  /** predictions of EC and of EC-ATM, shape (rows of the tower table); NaN at sites that they saw */
  readonly atTowers: readonly [ec: Float32Array, ecAtm: Float32Array];
  /** how the bridges of EC-ATM came loose in training */
  readonly gaps: readonly BridgeGap[];
}

/** Train pairs over folds and run them forward. */
export async function trainPairs(
  study: LandStudy,
  operator: Operator,
  options: EnsembleOptions,
): Promise<LandPairs> {
  const pairs: TrainedPair[] = [];
  for (let fold = 0; fold < options.members; fold++) {
    pairs.push(await trainPair(study, operator, { ...options, fold }));
    options.onProgress?.(fold + 1, options.members);
  }
  return joinPairs(study, pairs);
}

/** Train the pair of one fold and run it forward. */
export async function trainPair(
  study: LandStudy,
  operator: Operator,
  options: PairOptions & { readonly engine: Engine },
): Promise<TrainedPair> {
  const data = pairData(study, operator);
  const out = new Set(heldOutOf(data, options).sites);
  const trainOne = async (train: typeof trainEc, onEpoch = options.onEpoch) => {
    const trained = await train(data, { ...options, ...(onEpoch && { onEpoch }) });
    const member = await runMember(study, operator, trained, options.engine);
    const { engine, signal } = options;
    const told = { engine, ...(signal && { signal }) };
    const guessed = await predictRows(trained.model, study.towers.x, told);
    const unseen = guessed.map((v, row) => (out.has(study.towers.site[row]!) ? v : Number.NaN));
    return { member, unseen };
  };
  const ec = await trainOne(trainEc);
  const { gaps, onEpoch } = watchBridges(study, operator, options);
  const ecAtm = await trainOne(trainEcAtm, async (record, state) => {
    await options.onEpoch?.(record, state);
    await onEpoch(record, state);
  });
  return { ec: ec.member, ecAtm: ecAtm.member, atTowers: [ec.unseen, ecAtm.unseen], gaps };
}

/** The ensembles from pairs of different folds. */
export function joinPairs(study: LandStudy, pairs: readonly TrainedPair[]): LandPairs {
  const atTowers = ([0, 1] as const).map((k) => {
    const all = new Float32Array(study.towers.y.length).fill(Number.NaN);
    for (const pair of pairs) {
      for (const [row, v] of pair.atTowers[k].entries()) if (!Number.isNaN(v)) all[row] = v;
    }
    return all;
  });
  const members = (name: "ec" | "ecAtm") => pairs.map((pair) => pair[name]);
  return {
    ec: ensembleOf(study, "EC", members("ec"), atTowers[0]!),
    ecAtm: ensembleOf(study, "EC-ATM", members("ecAtm"), atTowers[1]!),
  };
}

/** Train one EC-ATM, with fewer inversions or another loss, and run it forward. */
export async function trainVariant(
  study: LandStudy,
  operator: Operator,
  options: PairOptions & { readonly engine: Engine; readonly name: string },
  inversions: readonly Inversion[] = study.inversions,
): Promise<LandEnsemble> {
  const data = pairData(study, operator, inversions);
  const trained = await trainEcAtm(data, options);
  const run = await runMember(study, operator, trained, options.engine);
  const out = new Set(heldOutOf(data, options).sites);
  const guessed = await predictRows(trained.model, study.towers.x, options);
  const atTowers = guessed.map((v, row) => (out.has(study.towers.site[row]!) ? v : Number.NaN));
  return ensembleOf(study, options.name, [run], atTowers);
}

async function runMember(
  study: LandStudy,
  operator: Operator,
  trained: PairMember,
  engine: Engine,
): Promise<RunMember> {
  const { grid, steps } = study.twin;
  const field = await runForward(trained.model, study.drivers, steps, { engine });
  const checked = decoupling(operator, grid, field, steps.daysOfMonth);
  return { ...trained, field, decoupling: checked, accepted: isCoupled(checked) };
}

/** The mean over accepted members; over all where none is accepted. */
function ensembleOf(
  study: LandStudy,
  name: string,
  members: readonly RunMember[],
  atTowers: Float32Array,
): LandEnsemble {
  const { twin } = study;
  const accepted = members.filter((member) => member.accepted);
  const used = accepted.length > 0 ? accepted : members;
  const sinks = used.map(({ field }) => {
    const sums = regionSums(twin.grid, field, twin.steps.daysOfMonth);
    return sums.reduce((sum, v) => sum + v, 0) / twin.steps.years;
  });
  const mean = sinks.reduce((sum, v) => sum + v, 0) / sinks.length;
  const spread = Math.sqrt(sinks.reduce((sum, v) => sum + (v - mean) ** 2, 0) / sinks.length);
  const field = averageFields(used.map((member) => member.field)).mean;
  return { ...landField(twin, name, field), members, spread, atTowers };
}

/** Bridges of a study as an operator on its cells. */
export function operatorOf(study: LandStudy, bridges: readonly Bridge[]): Operator {
  return bridgeOperator(bridges, study.twin.grid.area.length);
}

/** Mean of the inversions. */
export function meanInversion(study: LandStudy): LandField {
  const field = averageFields(study.inversions.map((inversion) => inversion.field)).mean;
  return landField(study.twin, "inversions", field);
}
