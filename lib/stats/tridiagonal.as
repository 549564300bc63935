// AssemblyScript: the two passes that Householder's reduction of a symmetric matrix and its way back
// spend their time in. Compiled into tridiagonal-wasm.ts by scripts/make-kernels.mjs; what lies where
// is laid out by tridiagonal.ts. Rows are padded with zeros to an even length.

/** The first address that is free. */
export function free(): usize {
  return __heap_base;
}

// @ts-ignore: decorator
@inline
function sum(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Two numbers of a row less those of v wᵀ + w vᵀ. */
// @ts-ignore: decorator
@inline
function less(at: usize, p: v128, w: v128, q: v128, v: v128): v128 {
  const left = f64x2.sub(v128.load(at), f64x2.add(f64x2.mul(p, w), f64x2.mul(q, v)));
  v128.store(at, left);
  return left;
}

/** row ← row − v[r] w − w[r] v, over `bytes`. */
export function subtractFromRow(row: usize, r: i32, v: usize, w: usize, bytes: usize): void {
  const p = v128.load64_splat(v + (<usize>r << 3)), q = v128.load64_splat(w + (<usize>r << 3));
  for (let j: usize = 0; j < bytes; j += 16) {
    less(row + j, p, v128.load(w + j), q, v128.load(v + j));
  }
}

/**
 * One row, its numbers up to and with the diagonal: subtract, and add its share to y = A x. Rows before
 * `from` bytes were done with others.
 */
function tail(row: usize, r: usize, from: usize, v: usize, w: usize, x: usize, y: usize): void {
  const p = load<f64>(v + r), q = load<f64>(w + r), xr = load<f64>(x + r);
  let along: f64 = 0;
  for (let j = from; j <= r; j += 8) {
    const a = load<f64>(row + j) - (p * load<f64>(w + j) + q * load<f64>(v + j));
    store<f64>(row + j, a);
    along += a * load<f64>(x + j);
    if (j < r) store<f64>(y + j, load<f64>(y + j) + a * xr);
  }
  store<f64>(y + r, load<f64>(y + r) + along);
}

/**
 * The lower triangle of the leading m × m square: A ← A − v wᵀ − w vᵀ and, in the same pass, y ← A x.
 * Four rows at a time share what they read of v, w, x and y.
 */
export function advance(a: usize, stride: usize, m: usize, v: usize, w: usize, x: usize, y: usize): void {
  memory.fill(y, 0, (m + 1) << 3);
  let r: usize = 0;
  for (; r + 3 < m; r += 4) {
    const at = r << 3, a0 = a + r * stride, a1 = a0 + stride, a2 = a1 + stride, a3 = a2 + stride;
    const p0 = v128.load64_splat(v + at), p1 = v128.load64_splat(v + at, 8);
    const p2 = v128.load64_splat(v + at, 16), p3 = v128.load64_splat(v + at, 24);
    const q0 = v128.load64_splat(w + at), q1 = v128.load64_splat(w + at, 8);
    const q2 = v128.load64_splat(w + at, 16), q3 = v128.load64_splat(w + at, 24);
    const x0 = v128.load64_splat(x + at), x1 = v128.load64_splat(x + at, 8);
    const x2 = v128.load64_splat(x + at, 16), x3 = v128.load64_splat(x + at, 24);
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let j: usize = 0; j < at; j += 16) {
      const vj = v128.load(v + j), wj = v128.load(w + j), xj = v128.load(x + j);
      let yj = v128.load(y + j);
      const b0 = less(a0 + j, p0, wj, q0, vj), b1 = less(a1 + j, p1, wj, q1, vj);
      s0 = f64x2.add(s0, f64x2.mul(b0, xj));
      s1 = f64x2.add(s1, f64x2.mul(b1, xj));
      yj = f64x2.add(yj, f64x2.add(f64x2.mul(b0, x0), f64x2.mul(b1, x1)));
      const b2 = less(a2 + j, p2, wj, q2, vj), b3 = less(a3 + j, p3, wj, q3, vj);
      s2 = f64x2.add(s2, f64x2.mul(b2, xj));
      s3 = f64x2.add(s3, f64x2.mul(b3, xj));
      v128.store(y + j, f64x2.add(yj, f64x2.add(f64x2.mul(b2, x2), f64x2.mul(b3, x3))));
    }
    store<f64>(y + at, sum(s0));
    store<f64>(y + at, sum(s1), 8);
    store<f64>(y + at, sum(s2), 16);
    store<f64>(y + at, sum(s3), 24);
    for (let k: usize = 0; k < 4; k++) tail(a0 + k * stride, at + (k << 3), at, v, w, x, y);
  }
  for (; r < m; r++) tail(a + r * stride, r << 3, 0, v, w, x, y);
}

/** Sums over the four rows of their products with v, times β. */
// @ts-ignore: decorator
@inline
function weigh(s: v128, beta: f64): f64 {
  return beta * sum(s);
}

/** Apply I − β v vᵀ to four rows, over `bytes`. */
// @ts-ignore: decorator
@inline
function reflectOnce(v: usize, beta: f64, bytes: usize, x0: usize, stride: usize): void {
  for (let r: usize = 0; r < 4; r++) {
    const x = x0 + r * stride;
    let s = f64x2.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      s = f64x2.add(s, f64x2.mul(v128.load(v + j), v128.load(x + j)));
    }
    s = f64x2.splat(weigh(s, beta));
    for (let j: usize = 0; j < bytes; j += 16) {
      v128.store(x + j, f64x2.sub(v128.load(x + j), f64x2.mul(s, v128.load(v + j))));
    }
  }
}

/** Apply I − β v vᵀ and then I − γ u uᵀ to four rows, over `bytes`; `overlap` is u · v. */
// @ts-ignore: decorator
@inline
function reflectTwice(
  v: usize, u: usize, beta: f64, gamma: f64, overlap: f64, bytes: usize, x: usize, stride: usize,
): void {
  const x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  for (let j: usize = 0; j < bytes; j += 16) {
    const vj = v128.load(v + j), uj = v128.load(u + j);
    const y0 = v128.load(x + j), y1 = v128.load(x1 + j);
    s0 = f64x2.add(s0, f64x2.mul(vj, y0));
    t0 = f64x2.add(t0, f64x2.mul(uj, y0));
    s1 = f64x2.add(s1, f64x2.mul(vj, y1));
    t1 = f64x2.add(t1, f64x2.mul(uj, y1));
    const y2 = v128.load(x2 + j), y3 = v128.load(x3 + j);
    s2 = f64x2.add(s2, f64x2.mul(vj, y2));
    t2 = f64x2.add(t2, f64x2.mul(uj, y2));
    s3 = f64x2.add(s3, f64x2.mul(vj, y3));
    t3 = f64x2.add(t3, f64x2.mul(uj, y3));
  }
  const b0 = weigh(s0, beta), b1 = weigh(s1, beta), b2 = weigh(s2, beta), b3 = weigh(s3, beta);
  t0 = f64x2.splat(gamma * (sum(t0) - b0 * overlap));
  t1 = f64x2.splat(gamma * (sum(t1) - b1 * overlap));
  t2 = f64x2.splat(gamma * (sum(t2) - b2 * overlap));
  t3 = f64x2.splat(gamma * (sum(t3) - b3 * overlap));
  s0 = f64x2.splat(b0);
  s1 = f64x2.splat(b1);
  s2 = f64x2.splat(b2);
  s3 = f64x2.splat(b3);
  for (let j: usize = 0; j < bytes; j += 16) {
    const vj = v128.load(v + j), uj = v128.load(u + j);
    v128.store(x + j, f64x2.sub(v128.load(x + j), f64x2.add(f64x2.mul(s0, vj), f64x2.mul(t0, uj))));
    v128.store(x1 + j, f64x2.sub(v128.load(x1 + j), f64x2.add(f64x2.mul(s1, vj), f64x2.mul(t1, uj))));
    v128.store(x2 + j, f64x2.sub(v128.load(x2 + j), f64x2.add(f64x2.mul(s2, vj), f64x2.mul(t2, uj))));
    v128.store(x3 + j, f64x2.sub(v128.load(x3 + j), f64x2.add(f64x2.mul(s3, vj), f64x2.mul(t3, uj))));
  }
}

/** overlaps[i] = row i · row i + 1 of the reflections. */
export function overlap(reflections: usize, n: usize, stride: usize, overlaps: usize): void {
  for (let i: usize = 1; i + 1 < n; i++) {
    const v = reflections + i * stride;
    let s = f64x2.splat(0);
    for (let j: usize = 0; j < i << 3; j += 16) {
      s = f64x2.add(s, f64x2.mul(v128.load(v + j), v128.load(v + stride + j)));
    }
    store<f64>(overlaps + (i << 3), sum(s));
  }
}

/** Apply the reflections 1 … n − 1 to four times `groups` rows, two reflections at a time. */
export function expand(
  reflections: usize, betas: usize, overlaps: usize, n: usize, stride: usize, rows: usize, groups: i32,
): void {
  const end = rows + <usize>groups * stride * 4;
  let i: usize = 1;
  for (; i + 1 < n; i += 2) {
    const v = reflections + i * stride, at = i << 3, bytes = ((i + 2) >> 1) << 4;
    const beta = load<f64>(betas + at), gamma = load<f64>(betas + at, 8), along = load<f64>(overlaps + at);
    for (let x = rows; x < end; x += stride * 4) {
      reflectTwice(v, v + stride, beta, gamma, along, bytes, x, stride);
    }
  }
  if (i == n) return;
  const v = reflections + i * stride;
  for (let x = rows; x < end; x += stride * 4) {
    reflectOnce(v, load<f64>(betas + (i << 3)), ((i + 1) >> 1) << 4, x, stride);
  }
}
