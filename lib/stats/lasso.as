// AssemblyScript: coordinate descent over the working columns of a Lasso, and the products it is fed
// with. Compiled into lasso-wasm.ts by scripts/make-kernels.mjs; what lies where is laid out by
// lasso.ts. All lengths are even, padded with zeros.

/** The first address that is free. */
export function free(): usize {
  return __heap_base;
}

/** a · b over `bytes` bytes; four partial sums hide the latency of an addition. */
// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f64 {
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  let i: usize = 0;
  for (; i + 48 < bytes; i += 64) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a + i), v128.load(b + i)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a + i, 16), v128.load(b + i, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a + i, 32), v128.load(b + i, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(a + i, 48), v128.load(b + i, 48)));
  }
  for (; i < bytes; i += 16) s0 = f64x2.add(s0, f64x2.mul(v128.load(a + i), v128.load(b + i)));
  s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
}

/** y ← y − step · x. */
// @ts-ignore: decorator
@inline
function subtract(y: usize, x: usize, step: f64, bytes: usize): void {
  const by = f64x2.splat(step);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(y + i, f64x2.sub(v128.load(y + i), f64x2.mul(by, v128.load(x + i))));
  }
}

/** out[j] = column[j] · vector / n for `count` columns, `rows` numbers apart. */
export function products(columns: usize, count: i32, rows: i32, vector: usize, n: f64, out: usize): void {
  const bytes = <usize>rows << 3;
  for (let j = 0; j < count; j++) {
    store<f64>(out + (<usize>j << 3), dot(columns + <usize>j * bytes, vector, bytes) / n);
  }
}

/** The last of `count` working columns: its products with all of them, into its row and column. */
export function enter(
  columns: usize, rows: i32, members: usize, count: i32, n: f64, gram: usize, width: i32,
): void {
  const bytes = <usize>rows << 3, last = <usize>(count - 1);
  const own = columns + <usize>load<i32>(members + (last << 2)) * bytes;
  for (let a: usize = 0; a <= last; a++) {
    const product = dot(own, columns + <usize>load<i32>(members + (a << 2)) * bytes, bytes) / n;
    store<f64>(gram + ((last * width + a) << 3), product);
    store<f64>(gram + ((a * width + last) << 3), product);
  }
}

/** residual ← residual − Xβ over the working columns. */
export function subtractFitted(
  columns: usize, rows: i32, members: usize, count: i32, beta: usize, residual: usize,
): void {
  const bytes = <usize>rows << 3;
  for (let a: usize = 0; a < <usize>count; a++) {
    const b = load<f64>(beta + (a << 3));
    if (b == 0) continue;
    subtract(residual, columns + <usize>load<i32>(members + (a << 2)) * bytes, b, bytes);
  }
}

/** The gap between the objective and its dual at the scaled residual; `steepest` is max |gradient|. */
export function gap(
  count: i32, beta: usize, gradient: usize, target: usize, power: f64, alpha: f64, steepest: f64,
): f64 {
  let cross: f64 = 0, fitted: f64 = 0, norm: f64 = 0;
  for (let a: usize = 0; a < <usize>count << 3; a += 8) {
    const b = load<f64>(beta + a), t = load<f64>(target + a);
    cross += b * t;
    fitted += b * (t - load<f64>(gradient + a));
    norm += Math.abs(b);
  }
  const residual = power - 2 * cross + fitted;
  const scale = steepest > alpha ? alpha / steepest : 1;
  const primal = 0.5 * residual + alpha * norm;
  const dual = scale * (power - cross) - 0.5 * scale * scale * residual;
  return Math.max(0, primal - dual);
}

/** One pass over the columns; the gradient Xᵀ(y − Xβ)/N is kept up to date. */
function sweep(count: i32, gram: usize, stride: usize, beta: usize, gradient: usize, alpha: f64): void {
  const bytes = <usize>((count + 1) >> 1) << 4;
  for (let a = 0; a < count; a++) {
    const at = <usize>a << 3, row = gram + <usize>a * stride;
    const curvature = load<f64>(row + at), old = load<f64>(beta + at);
    if (curvature == 0) continue;
    const pull = load<f64>(gradient + at) + curvature * old;
    const next = Math.abs(pull) > alpha ? (pull - copysign<f64>(alpha, pull)) / curvature : 0;
    if (next == old) continue;
    store<f64>(beta + at, next);
    subtract(gradient, row, next - old, bytes);
  }
}

/** Sweep until the columns' own gap is at most `least`, or `most` times; returns how often. */
export function settle(
  count: i32, gram: usize, stride: i32, beta: usize, gradient: usize, target: usize,
  power: f64, alpha: f64, least: f64, most: i32,
): i32 {
  let turn = 0, wide = true;
  for (; wide && turn < most; turn++) {
    sweep(count, gram, <usize>stride << 3, beta, gradient, alpha);
    let steepest: f64 = 0;
    for (let a: usize = 0; a < <usize>count << 3; a += 8) {
      steepest = Math.max(steepest, Math.abs(load<f64>(gradient + a)));
    }
    wide = gap(count, beta, gradient, target, power, alpha, steepest) > least;
  }
  return turn;
}
