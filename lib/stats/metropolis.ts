/**
 * Markov chains over proportions in the unit box (0, 1)^d with a uniform prior: a correct adaptive
 * Metropolis sampler, and the two-stage annealed rule that the soil-carbon papers used, which is
 * an optimiser with a spread and not a sampler of the posterior.
 */

import { ArgumentError, makeRandom } from "../core/index.js";
import { type Moments, makeMoments, makeProposal, type Proposal } from "./proposal.js";

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
  const move = () => proposal.drawWrapped() && state.offer(1);
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

/**
 * The rule of the soil-carbon papers, kept as published for comparison: uniform proposals of ±0.1,
 * then normal ones with covariance 2.4/d times that of the accepted draws, both drawn again until
 * they fall in the box, accepted with min(1, exp(−ΔJ·ln(step + 2))). The factor ln(step + 2) cools
 * the chain as it runs, so its spread is narrower than the posterior's. The second half of the
 * *accepted* states is kept.
 *
 * @param cost  J
 * @param start first state, shape (d), inside the box
 * @throws {ArgumentError} if the start is outside the box, or no proposal is accepted
 * @see Tao et al. (2020), Frontiers in Big Data 3:17, supplementary code
 */
export function annealedMetropolis(
  cost: Cost,
  start: ArrayLike<number>,
  { stage1, stage2, seed }: AnnealedOptions,
): Chain {
  const state = makeState(cost, start, seed);
  const { d, proposal } = state;
  const moments = makeMoments(d);
  for (let attempt = 0, reach = 0.1; attempt < 4 && moments.count() < 50; attempt++, reach /= 1.1) {
    for (let step = 0; step < stage1; step++) {
      proposal.drawUniform(reach);
      if (state.offer(Math.log(step + 2))) moments.add(state.point);
    }
  }
  if (moments.count() < 2) {
    throw new ArgumentError({
      what: "annealed chain",
      wanted: "accepted proposals",
      got: `${moments.count()} in ${stage1} steps`,
      remedy: "start nearer to a good fit or widen the errors",
    });
  }
  return annealedStage2(state, moments, stage2);
}

function annealedStage2(state: State, moments: Moments, steps: number): Chain {
  const { d, proposal } = state;
  proposal.setCovariance(moments.covariance(), 2.4 / d);
  const running = makeMoments(d);
  const record = makeRecord(d, steps);
  for (let step = 0; step < steps; step++) {
    proposal.drawInBox();
    const accepted = state.offer(Math.log(step + 2));
    record.count(accepted);
    if (!accepted) continue;
    record.add(state);
    running.add(state.point);
    const learnt = step >= 4000 && running.count() > 2 * d;
    if (learnt && running.count() % UPDATE_EVERY === 0) {
      proposal.setCovariance(running.covariance(), 2.4 / d);
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
  /** Take the proposed point if Metropolis says so; `cooling` multiplies ΔJ. */
  offer(cooling: number): boolean;
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
  let current = cost(point);
  if (!Number.isFinite(current)) {
    const got = `${current}`;
    throw new ArgumentError({ what: "cost of the start", wanted: "a finite number", got });
  }
  return {
    d,
    point,
    proposal,
    cost: () => current,
    offer(cooling) {
      const next = cost(offered);
      if (!(Math.log(1 - proposal.uniform()) < (current - next) * cooling)) return false;
      point.set(offered);
      current = next;
      return true;
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
