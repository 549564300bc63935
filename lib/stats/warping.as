// AssemblyScript: warped distances of one series to four others at once. Compiled into warping-wasm.ts
// by scripts/make-kernels.mjs; what lies where is laid out by warping.ts.

/** The first address that is free. */
export function free(): usize {
  return __heap_base;
}

// @ts-ignore: decorator
@inline
function costOf(a: v128, b: v128, squared: bool): v128 {
  const difference = f64x2.sub(a, b);
  return squared ? f64x2.mul(difference, difference) : f64x2.abs(difference);
}

/** Two lanes of a cell of the table: the least of the ways there from the left, above and across. */
// @ts-ignore: decorator
@inline
function least(cost: v128, left: v128, above: v128, across: v128, diagonal: v128): v128 {
  const down = f64x2.pmin(f64x2.add(across, f64x2.mul(diagonal, cost)), f64x2.add(above, cost));
  return f64x2.pmin(down, f64x2.add(left, cost));
}

/**
 * Fill the table row by row over one row of cells, four lanes each, whose cell 0 stands for no sample
 * yet. Cells outside the band hold infinity. Each variant has a loop of its own.
 */
// @ts-ignore: decorator
@inline
function fill(squared: bool, a: usize, n: i32, four: usize, m: i32, reach: i32, row: usize, step: f64): void {
  const never = f64x2.splat(Infinity), diagonal = f64x2.splat(step);
  for (let j: usize = 32; j < <usize>(m + 1) << 5; j += 16) v128.store(row + j, never);
  v128.store(row, f64x2.splat(0));
  v128.store(row, f64x2.splat(0), 16);
  for (let i = 1; i <= n; i++) {
    const from = <usize>max(1, i - reach) << 5, to = <usize>min(m, i + reach) << 5;
    const here = v128.load64_splat(a + (<usize>(i - 1) << 3));
    let across0 = v128.load(row + from - 32), across1 = v128.load(row + from - 16);
    v128.store(row + from - 32, never);
    v128.store(row + from - 16, never);
    let left0 = never, left1 = never;
    for (let j = from; j <= to; j += 32) {
      const above0 = v128.load(row + j), above1 = v128.load(row + j, 16);
      const cost0 = costOf(here, v128.load(four + j - 32), squared);
      const cost1 = costOf(here, v128.load(four + j - 16), squared);
      left0 = least(cost0, left0, above0, across0, diagonal);
      left1 = least(cost1, left1, above1, across1, diagonal);
      v128.store(row + j, left0);
      v128.store(row + j, left1, 16);
      across0 = above0;
      across1 = above1;
    }
  }
}

/**
 * Distances of the series at `a`, n samples, to `groups` times four series of m samples, four
 * interleaved sample by sample; four results a group at `out`, squares where the cost is squared.
 */
export function distances(
  squared: i32, a: usize, n: i32, others: usize, m: i32, groups: i32, reach: i32, step: f64, row: usize, out: usize,
): void {
  const last = <usize>m << 5;
  for (let g = 0; g < groups; g++) {
    const four = others + <usize>g * last;
    if (squared) fill(true, a, n, four, m, reach, row, step);
    else fill(false, a, n, four, m, reach, row, step);
    v128.store(out, v128.load(row + last));
    v128.store(out, v128.load(row + last, 16), 16);
    out += 32;
  }
}
