/** What random-walk chains propose: normal or uniform steps, and the moments that normal ones learn. */

import { openKernel, type Random } from "../core/index.js";
import { PROPOSAL_WASM } from "./proposal-wasm.js";

/** Added to the diagonal of the proposal's covariance, so that it never collapses. */
const JITTER = 1e-10;

/** Running mean and covariance of the points of a chain. */
export interface Moments {
  /** Take in a point that the chain was at for a number of steps, 1 by default. */
  add(point: Float64Array, steps?: number): void;
  count(): number;
  /** shape (d, d) */
  covariance(): Float64Array;
  forget(): void;
}

/** Make running moments (Welford 1962; weights as West 1979). */
export function makeMoments(d: number): Moments {
  const mean = new Float64Array(d);
  const delta = new Float64Array(d);
  const scatter = new Float64Array(d * d);
  let n = 0;
  return {
    add(point, steps = 1) {
      n += steps;
      for (let i = 0; i < d; i++) {
        delta[i] = point[i]! - mean[i]!;
        mean[i] = mean[i]! + (steps * delta[i]!) / n;
      }
      const weight = (steps * (n - steps)) / n;
      for (let i = 0; i < d; i++) {
        const di = delta[i]! * weight;
        for (let j = 0; j <= i; j++) scatter[i * d + j] = scatter[i * d + j]! + di * delta[j]!;
      }
    },
    count: () => n,
    covariance() {
      const covariance = new Float64Array(d * d);
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          covariance[i * d + j] = scatter[i * d + j]! / Math.max(1, n - 1);
          covariance[j * d + i] = covariance[i * d + j]!;
        }
      }
      return covariance;
    },
    forget() {
      n = 0;
      mean.fill(0);
      scatter.fill(0);
    },
  };
}

/** Random steps from a state of a chain in the unit box. */
export interface Proposal {
  /** where steps start, shape (d); written by the chain */
  readonly center: Float64Array;
  /** what the last draw proposes, shape (d) */
  readonly point: Float64Array;
  /** Uniform in [0, 1), from the same stream. */
  uniform(): number;
  /** Normal steps of this standard deviation in every direction, from now on. */
  setSpread(sd: number): void;
  /** Normal steps of `scale` times this covariance, shape (d, d), from now on. */
  setCovariance(covariance: Float64Array, scale: number): void;
  /** A normal step, brought back into the box as on a torus; false if it lies on its wall. */
  drawWrapped(): boolean;
  /** A normal step, drawn again until it is in the box. */
  drawInBox(): void;
  /** A uniform step of ± reach in every direction, each drawn again until it is in the box. */
  drawUniform(reach: number): void;
}

const MODULE = new WebAssembly.Module(Buffer.from(PROPOSAL_WASM, "base64"));

/** What the kernel exports; `stride` is the length of a row and all places are addresses, in bytes. */
interface Exports {
  state(): number;
  free(): number;
  prepare(): void;
  uniform(): number;
  drawWrapped(stride: number, ...places: Places): number;
  drawInBox(stride: number, ...places: Places): void;
  drawUniform(d: number, center: number, point: number, reach: number): void;
}

type Places = [center: number, point: number, factor: number, z: number];

/**
 * Make the steps of a chain of d parameters. The work is done by a kernel (proposal.as) with its own
 * stream of random numbers, whose state is drawn from `random`.
 */
export function makeProposal(d: number, random: Random): Proposal {
  const stride = 2 * Math.ceil(d / 2);
  const { kernel, arrays } = openKernel<Exports>(MODULE, [stride, stride, stride ** 2, stride]);
  const [mean, draw, lower] = arrays as [Float64Array, Float64Array, Float64Array, Float64Array];
  kernel.prepare();
  new Uint32Array(lower.buffer, kernel.state(), 4).forEach((_, i, state) => {
    state[i] = random.bits();
  });
  const places = arrays.map(({ byteOffset }) => byteOffset) as Places;
  const [center, point] = places;
  mean.fill(0.5); // where d is odd, the one that fills up the last pair stays there, in the box
  return {
    center: mean.subarray(0, d),
    point: draw.subarray(0, d),
    uniform: kernel.uniform,
    setSpread(sd) {
      lower.fill(0);
      for (let i = 0; i < d; i++) lower[i * stride + i] = sd;
    },
    setCovariance: (covariance, scale) => factorise(covariance, scale, { lower, d, stride }),
    drawWrapped: () => kernel.drawWrapped(8 * stride, ...places) !== 0,
    drawInBox: () => kernel.drawInBox(8 * stride, ...places),
    drawUniform: (reach) => kernel.drawUniform(d, center, point, reach),
  };
}

/** Cholesky factor of scale · covariance + a little, rows `stride` apart. */
function factorise(
  covariance: Float64Array,
  scale: number,
  { lower, d, stride }: { lower: Float64Array; d: number; stride: number },
): void {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = scale * covariance[i * d + j]! + (i === j ? JITTER : 0);
      for (let k = 0; k < j; k++) sum -= lower[i * stride + k]! * lower[j * stride + k]!;
      const pivot = lower[j * stride + j]!;
      lower[i * stride + j] = i === j ? Math.sqrt(Math.max(sum, JITTER)) : sum / pivot;
    }
  }
}
