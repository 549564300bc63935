/** Adam on named arrays, for a loop that takes its gradients from outside an engine. */

import type { NdArray } from "../core/index.js";

/** Change the weights along a gradient, in place. */
export type Step = (gradient: Readonly<Record<string, NdArray<Float32Array>>>) => void;

/**
 * Make the steps of Adam (Kingma & Ba 2015, algorithm 1; β = 0.9, 0.999).
 *
 * @param weights are changed in place
 */
export function makeAdam(
  weights: ReadonlyMap<string, NdArray<Float32Array>>,
  learningRate: number,
): Step {
  const moments = new Map(
    [...weights].map(([name, { data }]) => [
      name,
      { first: new Float32Array(data.length), second: new Float32Array(data.length) },
    ]),
  );
  let steps = 0;
  return (gradient) => {
    steps++;
    const [c1, c2] = [1 - 0.9 ** steps, 1 - 0.999 ** steps];
    for (const [name, { data }] of weights) {
      const { first, second } = moments.get(name)!;
      const slope = gradient[name]!.data;
      for (let i = 0; i < data.length; i++) {
        const g = slope[i]!;
        first[i] = 0.9 * first[i]! + 0.1 * g;
        second[i] = 0.999 * second[i]! + 0.001 * g * g;
        data[i] = data[i]! - (learningRate * first[i]!) / c1 / (Math.sqrt(second[i]! / c2) + 1e-8);
      }
    }
  };
}
