/** Learning rates that change with the epoch. */

/** From `rate` to 0 along half a cosine, written down so that worker threads can have it too. */
export interface CosineRate {
  readonly kind: "cosine";
  readonly rate: number;
  readonly epochs: number;
}

/** The learning rate, or what gives it for each epoch (from 0). */
export type LearningRate = number | CosineRate | ((epoch: number) => number);

/** The rate of an epoch. */
export function rateOf(rate: LearningRate, epoch: number): number {
  if (typeof rate === "object") return rateOf(cosineDecay(rate.rate, rate.epochs), epoch);
  return typeof rate === "number" ? rate : rate(epoch);
}

/** rate · factor^⌊epoch / every⌋. */
export function stepDecay(rate: number, factor: number, every: number): LearningRate {
  return (epoch) => rate * factor ** Math.floor(epoch / every);
}

/** From rate to last along half a cosine over a number of epochs (Loshchilov & Hutter 2017). */
export function cosineDecay(rate: number, epochs: number, last = 0): LearningRate {
  return (epoch) => {
    const share = Math.min(epoch / epochs, 1);
    return last + ((rate - last) * (1 + Math.cos(Math.PI * share))) / 2;
  };
}

/** A rate that grows in equal steps over the first epochs and then follows another. */
export function warmUp(then: LearningRate, epochs: number): LearningRate {
  return (epoch) => rateOf(then, epoch) * Math.min(1, (epoch + 1) / epochs);
}
