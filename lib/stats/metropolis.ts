/**
 * Markov chains over proportions in the unit box (0, 1)^d with a uniform prior: a correct adaptive
 * Metropolis sampler, and the two-stage annealed rule that the soil-carbon papers used, which is
 * an optimiser with a spread and not a sampler of the posterior.
 */

import { ArgumentError, makeRandom } from "../core/index.js";
import { makeMoments, makeProposal, type Proposal } from "./proposal.js";

/** Cost of a point, J = −ln likelihood + constant; `Infinity` where the model does not exist. */
export type Cost = (point: Float64Array) => number;

/** What a chain visited. */
export interface Chain {
  /** number of parameters */
  readonly d: number;
  /** kept states in order, shape (kept, d) */
  readonly draws: Float64Array;
  /** J of the kept states, shape (kept) */
  readonly costs: Float64Array;
  /** share of proposals accepted in the kept part */
  readonly acceptance: number;
}

/** Options of the adaptive sampler. */
export interface AdaptiveOptions {
  /** steps in all */
  readonly steps: number;
  /** steps to adapt in and then forget; half of all by default */
  readonly burnIn?: number;
  readonly seed: number;
  /** keep every n-th state, 1 by default */
  readonly thin?: number;
}

/** Steps between two updates of an adaptive proposal. */
const UPDATE_EVERY = 100;

/** Steps between two states that an adaptive proposal learns from; neighbours are nearly the same. */
const LEARN_EVERY = 4;

/**
 * Adaptive Metropolis: a normal proposal whose covariance is 2.38²/d times the chain's own, learnt
 * during burn-in and then frozen, so that the kept part is a Markov chain with the right limit.
 * A proposal that leaves the box comes in again at the other side: that keeps it symmetric, whatever
 * its covariance, and does not waste the steps of a chain that has many parameters near its walls.
 *
 * @param cost  J
 * @param start first state, shape (d), inside the box
 * @throws {ArgumentError} if the start is outside the box or its cost is not finite
 * @see Haario, Saksman & Tamminen (2001), Bernoulli 7, 223
 */
export function adaptiveMetropolis(
  cost: Cost,
  start: ArrayLike<number>,
  { steps, burnIn = Math.floor(steps / 2), seed, thin = 1 }: AdaptiveOptions,
): Chain {
  const state = makeState(cost, start, seed);
  const { d, proposal } = state;
  const moments = makeMoments(d);
  proposal.setSpread(0.05);
  const scale = 2.38 ** 2 / d;
  const move = (): boolean => {
    if (!proposal.drawWrapped() || !state.isBetter(1)) return false;
    state.take();
    return true;
  };
  for (let step = 1; step <= burnIn; step++) {
    move();
    if (step % LEARN_EVERY === 0) moments.add(state.point);
    if (step % UPDATE_EVERY === 0 && moments.count() > 4 * d)
      proposal.setCovariance(moments.covariance(), scale);
    if (step === Math.floor(burnIn / 4)) moments.forget();
  }
  const kept = makeRecord(d, Math.ceil((steps - burnIn) / thin));
  for (let step = 0; step < steps - burnIn; step++) {
    kept.count(move());
    if (step % thin === 0) kept.add(state);
  }
  return kept.chain();
}

/** Options of the published rule. */
export interface AnnealedOptions {
  /** steps with uniform proposals; the papers take 20,000 */
  readonly stage1: number;
  /** steps with normal proposals; the papers take 30,000 (2020) and 50,000 (2023) */
  readonly stage2: number;
  readonly seed: number;
}

/** Share of accepted steps that the published rule asks for, and how often it tries again. */
const PUBLISHED = { least: 0.1, most: 0.5, attempts: 6 } as const;

/**
 * The rule of the soil-carbon papers, kept as their code has it, for comparison: uniform proposals of
 * ±0.1, then normal ones with covariance 2.4/d times that of the chain (of the first stage, after 4000
 * steps of the second; every 100 steps here, every step there), both drawn again until they fall in
 * the box, accepted with min(1, exp(−ΔJ·ln(step + 2))). The factor ln(step + 2) cools the chain as it
 * runs, so its spread is narrower than the posterior's. The second stage starts from the cost of the
 * start, not of its state. Where it accepts less than a tenth of the steps or more than half, all is
 * run again with 0.7 or 2 times the covariance. The second half of the *accepted* states is kept.
 *
 * @param cost  J
 * @param start first state, shape (d), inside the box
 * @throws {ArgumentError} if the start is outside the box, or the sixth attempt accepts too few or too
 *         many steps
 * @see Tao et al. (2020), Frontiers in Big Data 3:17; the code is that of Tao et al. (2023)
 */
export function annealedMetropolis(
  cost: Cost,
  start: ArrayLike<number>,
  { stage1, stage2, seed }: AnnealedOptions,
): Chain {
  const state = makeState(cost, start, seed);
  let scale = 2.4 / state.d;
  let acceptance = 0;
  for (let attempt = 0; attempt < PUBLISHED.attempts; attempt++) {
    const covariance = annealedStage1(state, stage1);
    state.forgetCost();
    const chain = annealedStage2(state, covariance, { steps: stage2, scale });
    acceptance = chain.acceptance;
    if (acceptance >= PUBLISHED.least && acceptance <= PUBLISHED.most) return chain;
    scale *= acceptance < PUBLISHED.least ? 0.7 : 2;
    state.restart();
  }
  throw new ArgumentError({
    what: "annealed chain",
    wanted: `${PUBLISHED.least} to ${PUBLISHED.most} of its steps accepted`,
    got: `${acceptance.toFixed(3)} at attempt ${PUBLISHED.attempts}`,
    remedy: "take more steps, start nearer to a good fit or widen the errors",
  });
}

/** The first stage; the covariance of its states. */
function annealedStage1(state: State, steps: number): Float64Array {
  const { d, proposal } = state;
  const moments = makeMoments(d);
  for (let attempt = 0, reach = 0.1; attempt < 4; attempt++, reach /= 1.1) {
    let accepted = 0;
    let held = 0;
    moments.forget();
    for (let step = 0; step < steps; step++) {
      held++;
      proposal.drawUniform(reach);
      if (!state.isBetter(Math.log(step + 2))) continue;
      moments.add(state.point, held);
      state.take();
      accepted++;
      held = 0;
    }
    moments.add(state.point, held);
    if (accepted >= 50) break;
  }
  return moments.covariance();
}

function annealedStage2(
  state: State,
  covariance: Float64Array,
  { steps, scale }: { steps: number; scale: number },
): Chain {
  const { d, proposal } = state;
  proposal.setCovariance(covariance, scale);
  const moments = makeMoments(d);
  const record = makeRecord(d, steps);
  let held = 0;
  for (let step = 0; step < steps; step++) {
    held++;
    proposal.drawInBox();
    const accepted = state.isBetter(Math.log(step + 2));
    record.count(accepted);
    if (accepted) {
      moments.add(state.point, held);
      held = 0;
      state.take();
      record.add(state);
    }
    if (step >= 4000 && step % UPDATE_EVERY === 0 && moments.count() > 2 * d) {
      proposal.setCovariance(moments.covariance(), scale);
    }
  }
  return record.secondHalf();
}

/** Where a chain is, and where it may go. */
interface State {
  readonly d: number;
  readonly point: Float64Array;
  readonly proposal: Proposal;
  cost(): number;
  /** Whether Metropolis takes the proposed point; `cooling` multiplies ΔJ. */
  isBetter(cooling: number): boolean;
  /** Go to the proposed point. */
  take(): void;
  /** Compare with the cost of the start from now on. */
  forgetCost(): void;
  /** Go back to the start. */
  restart(): void;
}

function makeState(cost: Cost, start: ArrayLike<number>, seed: number): State {
  if (!isInBox(start)) {
    const got = `[${Array.from(start)}]`;
    throw new ArgumentError({ what: "start", wanted: "a point in (0, 1)^d", got });
  }
  const d = start.length;
  const proposal = makeProposal(d, makeRandom(seed));
  const { center: point, point: offered } = proposal;
  point.set(start);
  const initial = cost(point);
  let [current, next] = [initial, initial];
  if (!Number.isFinite(current)) {
    const got = `${current}`;
    throw new ArgumentError({ what: "cost of the start", wanted: "a finite number", got });
  }
  return {
    d,
    point,
    proposal,
    cost: () => current,
    isBetter(cooling) {
      next = cost(offered);
      const gain = (current - next) * cooling;
      return gain >= 0 || Math.log(1 - proposal.uniform()) < gain;
    },
    take() {
      point.set(offered);
      current = next;
    },
    forgetCost() {
      current = initial;
    },
    restart() {
      point.set(start);
      current = initial;
    },
  };
}

function isInBox(point: ArrayLike<number>): boolean {
  for (let i = 0; i < point.length; i++) {
    const x = point[i]!;
    if (!(x > 0 && x < 1)) return false;
  }
  return true;
}

function makeRecord(d: number, capacity: number) {
  const draws = new Float64Array(capacity * d);
  const costs = new Float64Array(capacity);
  let kept = 0;
  let offered = 0;
  let accepted = 0;

  function part(first: number): Chain {
    const acceptance = accepted / Math.max(1, offered);
    return {
      d,
      draws: draws.slice(first * d, kept * d),
      costs: costs.slice(first, kept),
      acceptance,
    };
  }

  return {
    add(state: State) {
      draws.set(state.point, kept * d);
      costs[kept++] = state.cost();
    },
    count(isAccepted: boolean) {
      offered++;
      if (isAccepted) accepted++;
    },
    chain: () => part(0),
    secondHalf: () => part(kept >> 1),
  };
}
