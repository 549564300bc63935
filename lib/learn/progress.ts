/** One line that says how training goes: epoch, batch, loss, time left. */

import type { StepReport, TrainingOptions } from "./training.js";

/** What a progress line needs from outside. */
export interface ProgressSurroundings {
  /** prints text; `\r` goes back to the start of the line */
  readonly write: (text: string) => void;
  /** the time [ms] */
  readonly now: () => number;
  readonly epochs: number;
}

/**
 * Make callbacks for `train` that keep one line up to date.
 *
 * @example
 * const progress = makeProgressLine({ write: (t) => process.stderr.write(t), now: () => performance.now(), epochs: 50 });
 * await train(network, data, { ...options, ...progress });
 */
export function makeProgressLine(
  around: ProgressSurroundings,
): Required<Pick<TrainingOptions, "onStep" | "onEpoch">> {
  const start = around.now();
  let first: number | undefined;
  return {
    onStep({ epoch, batch, batches, loss }: StepReport): void {
      const done = (epoch - 1) * batches + batch;
      first ??= done - 1;
      const perStep = (around.now() - start) / (done - first);
      const left = formatDuration((perStep * (around.epochs * batches - done)) / 1000);
      const bar = drawBar(batch / batches);
      const place = `epoch ${epoch}/${around.epochs}`;
      around.write(`\r${place} ${bar} loss ${loss.toPrecision(4)}, ${left} left  `);
    },
    onEpoch({ epoch, loss, validationLoss }): void {
      const validated = Number.isNaN(validationLoss)
        ? ""
        : `, validation ${validationLoss.toPrecision(4)}`;
      around.write(`\repoch ${epoch}: loss ${loss.toPrecision(4)}${validated}`.padEnd(72));
      around.write("\n");
    },
  };
}

/** Write seconds as `45 s`, `12 min` or `3.5 h`. */
function formatDuration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  if (seconds < 6000) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function drawBar(share: number): string {
  const full = Math.round(20 * share);
  return `[${"#".repeat(full)}${".".repeat(20 - full)}]`;
}
