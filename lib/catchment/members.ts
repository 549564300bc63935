/** Members of ensembles, each trained on a thread of its own as soon as there is a place. */

import {
  type Member,
  type MemberOptions,
  type Network,
  type SourceDescription,
  trainEnsemble,
  type Weights,
} from "../learn/index.js";
import { makeTurns, type Turns } from "../parallel/index.js";

/** How many, and where. */
export interface MembersOptions {
  /** the first has the seed of the options, the next the seed after it */
  readonly members: number;
  /** what each starts from; values drawn from its seed by default */
  readonly weightsOf?: (member: number) => Weights;
  /** places for members, with one thread each; 2 by default; the result does not depend on it */
  readonly turns?: Turns;
  /** start of the files that a killed training goes on from, as `checkpointFile` of the kernel gives it */
  readonly checkpoints?: string | undefined;
  /** told of members done, with shares of those under way */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Train members that differ only in their seed.
 *
 * @throws what the first failing member threw; those under way finish their step and end
 */
export function trainMembers(
  network: Network,
  data: { readonly train: SourceDescription; readonly validation: SourceDescription },
  options: MemberOptions,
  { members, weightsOf, turns = makeTurns(2), checkpoints, onProgress, signal }: MembersOptions,
): Promise<Member[]> {
  const stop = new AbortController();
  const signals = signal === undefined ? [stop.signal] : [stop.signal, signal];
  const shares = new Float64Array(members);
  const trainOne = async (m: number): Promise<Member> => {
    try {
      const start = weightsOf === undefined ? {} : { weights: weightsOf(m) };
      const seeded = { ...options, ...start, seed: options.seed + m };
      const [member] = await trainEnsemble(network, data, seeded, {
        members: 1,
        checkpoints: checkpoints === undefined ? undefined : `${checkpoints}-${m + 1}`,
        signal: AbortSignal.any(signals),
        onProgress: (done) => {
          shares[m] = done;
          onProgress?.(
            shares.reduce((sum, share) => sum + share, 0),
            members,
          );
        },
      });
      return member!;
    } catch (error) {
      stop.abort();
      throw error;
    }
  };
  return Promise.all(Array.from({ length: members }, (_, m) => turns.run(() => trainOne(m))));
}
