/** What random-walk chains propose: normal or uniform steps, and the moments that normal ones learn. */

import type { Random } from "../core/index.js";

/** Added to the diagonal of the proposal's covariance, so that it never collapses. */
const JITTER = 1e-10;

/** Running mean and covariance of the points of a chain. */
export interface Moments {
  add(point: Float64Array): void;
  count(): number;
  /** shape (d, d) */
  covariance(): Float64Array;
  forget(): void;
}

/** Make running moments (Welford 1962). */
export function makeMoments(d: number): Moments {
  const mean = new Float64Array(d);
  const delta = new Float64Array(d);
  const scatter = new Float64Array(d * d);
  let n = 0;
  return {
    add(point) {
      n++;
      for (let i = 0; i < d; i++) {
        delta[i] = point[i]! - mean[i]!;
        mean[i] = mean[i]! + delta[i]! / n;
      }
      const weight = (n - 1) / n;
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

/** Normal steps of a covariance that can change. */
export interface NormalProposal {
  readonly point: Float64Array;
  setSpread(sd: number): void;
  setCovariance(covariance: Float64Array, scale: number): void;
  /** Fill and return `point` = center + L·z. */
  draw(center: Float64Array): Float64Array;
  /** Draw again until the point is in the box; a draw is given up at its first coordinate outside. */
  drawInBox(center: Float64Array): Float64Array;
}

/** Make normal steps; set a spread or a covariance before the first draw. */
export function makeNormalProposal(d: number, random: Random): NormalProposal {
  const factor = new Float64Array(d * d);
  const point = new Float64Array(d);
  const z = new Float64Array(d);
  return {
    point,
    setSpread(sd) {
      factor.fill(0);
      for (let i = 0; i < d; i++) factor[i * d + i] = sd;
    },
    setCovariance(covariance, scale) {
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = scale * covariance[i * d + j]! + (i === j ? JITTER : 0);
          for (let k = 0; k < j; k++) sum -= factor[i * d + k]! * factor[j * d + k]!;
          const pivot = factor[j * d + j]!;
          factor[i * d + j] = i === j ? Math.sqrt(Math.max(sum, JITTER)) : sum / pivot;
        }
      }
    },
    draw(center) {
      for (let i = 0; i < d; i++) z[i] = random.normal();
      for (let i = 0; i < d; i++) point[i] = coordinate(center, i);
      return point;
    },
    drawInBox(center) {
      for (let i = 0; i < d; i++) {
        z[i] = random.normal();
        const x = coordinate(center, i);
        point[i] = x;
        if (!(x > 0 && x < 1)) i = -1;
      }
      return point;
    },
  };

  function coordinate(center: Float64Array, i: number): number {
    let sum = center[i]!;
    for (let k = 0; k <= i; k++) sum += factor[i * d + k]! * z[k]!;
    return sum;
  }
}

/** Uniform steps of ±reach in every direction, drawn again until they fall in the box. */
export function makeUniformProposal(
  d: number,
  random: Random,
): (center: Float64Array, reach: number) => Float64Array {
  const point = new Float64Array(d);
  return (center, reach) => {
    for (let i = 0; i < d; i++) {
      do {
        point[i] = center[i]! + reach * (2 * random.uniform() - 1);
      } while (!(point[i]! > 0 && point[i]! < 1));
    }
    return point;
  };
}
