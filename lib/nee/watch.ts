/** What becomes of the bridges while a network is trained on them. */

import {
  type Engine,
  type EpochRecord,
  layoutOf,
  stateWeights,
  type TrainingState,
} from "../learn/index.js";
import { decoupling } from "./diagnose.js";
import { neeNetwork, type PairOptions, VARIANCE_PARAMETERS } from "./dual.js";
import { runForward } from "./forward.js";
import type { Operator } from "./operator.js";
import type { Steps } from "./steps.js";
import type { LandStudy } from "./study.js";

/** How far bridges and the integral were apart after an epoch. */
export interface BridgeGap {
  /** from 1 */
  readonly epoch: number;
  /** bridges less integral of the globe in the first year [PgC a⁻¹] */
  readonly gap: number;
}

/** Looks in a training: each runs the model over the globe for the first year. */
const LOOKS = 5;

/**
 * Watch the bridges of an EC-ATM: a function to be called after each epoch, which now and then runs the
 * network as it then is over the globe for the first year, and the list that it fills.
 */
export function watchBridges(
  { twin, drivers, towers }: LandStudy,
  operator: Operator,
  { epochs, hidden, engine }: PairOptions & { readonly engine: Engine },
): { readonly gaps: BridgeGap[]; readonly onEpoch: NonNullable<PairOptions["onEpoch"]> } {
  const gaps: BridgeGap[] = [];
  const network = neeNetwork(towers.features, hidden);
  const layout = layoutOf({ network, extra: VARIANCE_PARAMETERS });
  const every = Math.ceil(epochs / LOOKS);
  const year = firstYear(twin.steps);
  const length = year.count * twin.grid.area.length * towers.features;
  const onEpoch = async ({ epoch }: EpochRecord, state: TrainingState) => {
    if (epoch % every !== 0 && epoch !== epochs) return;
    const model = { network, weights: stateWeights(layout, state, "latest") };
    const field = await runForward(model, drivers.subarray(0, length), year, { engine });
    const { globalGap } = decoupling(operator, twin.grid, field, year.daysOfMonth);
    gaps.push({ epoch, gap: globalGap });
  };
  return { gaps, onEpoch };
}

/** The first year of a time axis. */
function firstYear(steps: Steps): Steps {
  const count = steps.monthOf.filter((month) => month < 12).length;
  const [monthOf, days] = [steps.monthOf.subarray(0, count), steps.days.subarray(0, count)];
  const daysOfMonth = steps.daysOfMonth.subarray(0, 12);
  return { ...steps, years: 1, months: 12, count, monthOf, days, daysOfMonth };
}
