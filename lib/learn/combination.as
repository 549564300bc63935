// AssemblyScript: median, mean and standard deviation over the members of an ensemble, element by element.
// Compiled into combination-wasm.ts by scripts/make-kernels.mjs; the vectors are laid out by combination.ts.
//
// Members are float32 vectors one after the other, padded to whole groups of four; `bytes` is the padded
// length of one. Sums are float64, of means in the members' order and of squares from the least value up.

/** The first address that is free. */
export function free(): usize {
  return __heap_base;
}

// @ts-ignore: decorator
@inline
function low(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

// @ts-ignore: decorator
@inline
function high(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 0));
}

// @ts-ignore: decorator
@inline
function narrow(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

/** Sort n groups of four, lane by lane: neighbours change places in n rounds (odd–even transposition). */
function sort(n: usize, values: usize): void {
  for (let round: usize = 0; round < n; round++) {
    const end = values + ((n - 1) << 4);
    for (let at = values + ((round & 1) << 4); at < end; at += 32) {
      const a = v128.load(at), b = v128.load(at, 16);
      v128.store(at, f32x4.pmin(a, b));
      v128.store(at, f32x4.pmax(a, b), 16);
    }
  }
}

/** Combine n members; `values` has room for n groups of four. */
export function combine(
  n: usize, bytes: usize, members: usize, median: usize, mean: usize, spread: usize, values: usize,
): void {
  const count = f64x2.splat(<f64>n), middle = values + ((n >> 1) << 4);
  for (let i: usize = 0; i < bytes; i += 16) {
    let a = f64x2.splat(0), b = f64x2.splat(0);
    for (let m: usize = 0; m < n; m++) {
      const four = v128.load(members + m * bytes + i);
      v128.store(values + (m << 4), four);
      a = f64x2.add(a, low(four));
      b = f64x2.add(b, high(four));
    }
    a = f64x2.div(a, count);
    b = f64x2.div(b, count);
    v128.store(mean + i, narrow(a, b));
    sort(n, values);
    let squaresA = f64x2.splat(0), squaresB = f64x2.splat(0);
    for (let m: usize = 0; m < n; m++) {
      const four = v128.load(values + (m << 4));
      const fromA = f64x2.sub(low(four), a), fromB = f64x2.sub(high(four), b);
      squaresA = f64x2.add(squaresA, f64x2.mul(fromA, fromA));
      squaresB = f64x2.add(squaresB, f64x2.mul(fromB, fromB));
    }
    squaresA = f64x2.sqrt(f64x2.div(squaresA, count));
    squaresB = f64x2.sqrt(f64x2.div(squaresB, count));
    v128.store(spread + i, narrow(squaresA, squaresB));
    const above = v128.load(middle), below = (n & 1) == 1 ? above : v128.load(middle - 16);
    const half = f64x2.splat(0.5);
    a = f64x2.mul(f64x2.add(low(below), low(above)), half);
    b = f64x2.mul(f64x2.add(high(below), high(above)), half);
    v128.store(median + i, narrow(a, b));
  }
}
