/** The matrix model as a full matrix, solved by elimination: the reference of the structured solver. */

import { POOLS, type Rates, transferList } from "carbonbook/soc";

/** K + transfers + mixing as a full matrix, signs turned so that matrix · X = input. */
export function denseMatrix(rates: Rates): number[][] {
  const { thickness } = rates.layers;
  const n = thickness.length;
  const matrix = Array.from({ length: POOLS * n }, () => new Array<number>(POOLS * n).fill(0));
  const add = (i: number, j: number, value: number) => {
    matrix[i]![j] = matrix[i]![j]! + value;
  };
  for (let at = 0; at < POOLS * n; at++) add(at, at, rates.decay[at]!);
  for (const [from, to, fraction] of transferList(rates.transfers)) {
    for (let i = 0; i < n; i++) {
      add(to * n + i, from * n + i, -fraction * rates.decay[from * n + i]!);
    }
  }
  for (let pool = 1; pool < POOLS; pool++) {
    for (let i = 0; i < n - 1; i++) {
      const [a, b] = [pool * n + i, pool * n + i + 1];
      const g = rates.exchange[i]!;
      add(a, a, g / thickness[i]!);
      add(a, b, -g / thickness[i]!);
      add(b, b, g / thickness[i + 1]!);
      add(b, a, -g / thickness[i + 1]!);
    }
  }
  return matrix;
}

/** Gaussian elimination with partial pivoting. */
export function luSolve(a: readonly number[][], b: readonly number[]): number[] {
  const n = b.length;
  const rows = a.map((row, i) => [...row, b[i]!]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) {
      if (Math.abs(rows[r]![c]!) > Math.abs(rows[pivot]![c]!)) pivot = r;
    }
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    for (let r = c + 1; r < n; r++) {
      const factor = rows[r]![c]! / rows[c]![c]!;
      if (factor === 0) continue;
      for (let k = c; k <= n; k++) rows[r]![k] = rows[r]![k]! - factor * rows[c]![k]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let c = n - 1; c >= 0; c--) {
    let sum = rows[c]![n]!;
    for (let k = c + 1; k < n; k++) sum -= rows[c]![k]! * x[k]!;
    x[c] = sum / rows[c]![c]!;
  }
  return x;
}
