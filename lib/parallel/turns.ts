/** Jobs that share a few places, whoever asks for them. */

import { checkWorkers } from "./pool.js";

/** Places for jobs. */
export interface Turns {
  /** Run a job when a place is free; jobs start in the order in which they were asked for. */
  run<R>(job: () => Promise<R>): Promise<R>;
}

/**
 * Make places, so that several callers that each have a few long jobs keep all cores busy and no
 * more than these.
 *
 * @param places jobs at a time
 * @throws {ArgumentError} if `places` is no whole number above 0
 */
export function makeTurns(places: number): Turns {
  checkWorkers(places);
  const waiting: (() => void)[] = [];
  let free = places;
  return {
    async run(job) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await job();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}
