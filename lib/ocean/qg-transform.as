// AssemblyScript: two real fields to and from their spectra, two numbers a lane.
//
// A complex matrix of n × n is held as a plane of real and a plane of imaginary parts. Transforms run
// along columns with whole rows as vectors (Stockham, radix 4), so that every inner loop is
// contiguous; a transposition between two such runs makes them two-dimensional. Layout of spectra:
// see qg-fourier.ts. What a flow does to a field before and after a transform is here too, number by
// number in the order in which plain code would do it (qg-carriage.ts). Compiled into
// qg-transform-wasm.ts by scripts/make-kernels.mjs.

/** One pass of radix 4: `quarter` groups left to combine, runs of `width` numbers. */
function fourfold(
  xr: usize, xi: usize, yr: usize, yi: usize,
  turns: usize, n: i32, length: i32, width: i32,
): void {
  const quarter = length >> 2;
  const stride = n / length;
  const run: usize = (<usize>width) << 3;
  const far: usize = run * quarter;
  for (let p = 0; p < quarter; p++) {
    const t1 = turns + ((<usize>(p * stride)) << 4);
    const t2 = turns + ((<usize>(2 * p * stride)) << 4);
    const t3 = turns + ((<usize>(3 * p * stride)) << 4);
    const c1 = v128.load64_splat(t1), s1 = v128.load64_splat(t1, 8);
    const c2 = v128.load64_splat(t2), s2 = v128.load64_splat(t2, 8);
    const c3 = v128.load64_splat(t3), s3 = v128.load64_splat(t3, 8);
    const from: usize = run * p;
    const to: usize = 4 * run * p;
    for (let q: usize = 0; q < run; q += 16) {
      const a = from + q, b = a + far, c = b + far, d = c + far;
      const ar = v128.load(xr + a), ai = v128.load(xi + a);
      const br = v128.load(xr + b), bi = v128.load(xi + b);
      const cr = v128.load(xr + c), ci = v128.load(xi + c);
      const dr = v128.load(xr + d), di = v128.load(xi + d);
      const acr = f64x2.add(ar, cr), aci = f64x2.add(ai, ci);
      const amr = f64x2.sub(ar, cr), ami = f64x2.sub(ai, ci);
      const bdr = f64x2.add(br, dr), bdi = f64x2.add(bi, di);
      const bmr = f64x2.sub(bi, di), bmi = f64x2.sub(dr, br);
      const e0 = to + q, e1 = e0 + run, e2 = e1 + run, e3 = e2 + run;
      v128.store(yr + e0, f64x2.add(acr, bdr));
      v128.store(yi + e0, f64x2.add(aci, bdi));
      turn(f64x2.add(amr, bmr), f64x2.add(ami, bmi), c1, s1, yr + e1, yi + e1);
      turn(f64x2.sub(acr, bdr), f64x2.sub(aci, bdi), c2, s2, yr + e2, yi + e2);
      turn(f64x2.sub(amr, bmr), f64x2.sub(ami, bmi), c3, s3, yr + e3, yi + e3);
    }
  }
}

/** Store (r + i im) (c + i s). */
// @ts-ignore: decorator
@inline
function turn(r: v128, i: v128, c: v128, s: v128, re: usize, im: usize): void {
  v128.store(re, f64x2.sub(f64x2.mul(c, r), f64x2.mul(s, i)));
  v128.store(im, f64x2.add(f64x2.mul(c, i), f64x2.mul(s, r)));
}

/** The last pass where n is no power of 4. */
function twofold(xr: usize, xi: usize, yr: usize, yi: usize, width: i32): void {
  const run: usize = (<usize>width) << 3;
  for (let q: usize = 0; q < run; q += 16) {
    const ar = v128.load(xr + q), ai = v128.load(xi + q);
    const br = v128.load(xr + q + run), bi = v128.load(xi + q + run);
    v128.store(yr + q, f64x2.add(ar, br));
    v128.store(yi + q, f64x2.add(ai, bi));
    v128.store(yr + q + run, f64x2.sub(ar, br));
    v128.store(yi + q + run, f64x2.sub(ai, bi));
  }
}

/** Transform all columns; the result ends in x. */
function columns(xr: usize, xi: usize, yr: usize, yi: usize, turns: usize, n: i32): void {
  const bytes: usize = (<usize>(n * n)) << 3;
  let length = n, width = n;
  let fr = xr, fi = xi, tr = yr, ti = yi;
  while (length > 1) {
    if (length >= 4) fourfold(fr, fi, tr, ti, turns, n, length, width);
    else twofold(fr, fi, tr, ti, width);
    length >>= 2;
    width <<= 2;
    const r = fr, i = fi;
    fr = tr; fi = ti; tr = r; ti = i;
  }
  if (fr != xr) {
    memory.copy(xr, fr, bytes);
    memory.copy(xi, fi, bytes);
  }
}

/** Transpose a plane in place, in blocks of two by two. */
function transpose(x: usize, n: i32): void {
  const row: usize = (<usize>n) << 3;
  for (let j = 0; j < n; j += 2) {
    for (let i = j; i < n; i += 2) {
      const a = x + row * j + ((<usize>i) << 3);
      const b = x + row * i + ((<usize>j) << 3);
      const a0 = v128.load(a), a1 = v128.load(a + row);
      const b0 = v128.load(b), b1 = v128.load(b + row);
      v128.store(b, v128.shuffle<f64>(a0, a1, 0, 2));
      v128.store(b + row, v128.shuffle<f64>(a0, a1, 1, 3));
      v128.store(a, v128.shuffle<f64>(b0, b1, 0, 2));
      v128.store(a + row, v128.shuffle<f64>(b0, b1, 1, 3));
    }
  }
}

function planes(xr: usize, xi: usize, yr: usize, yi: usize, turns: usize, n: i32): void {
  columns(xr, xi, yr, yi, turns, n);
  transpose(xr, n);
  transpose(xi, n);
  columns(xr, xi, yr, yi, turns, n);
}

/** Z = A + iB on all coefficients, using that A(−k, −l) is the conjugate of A(k, l). */
function pack(spectra: usize, zr: usize, zi: usize, n: i32): void {
  const half = n >> 1;
  const plane: usize = (<usize>((half + 1) * n)) << 3;
  for (let k = 0; k <= half; k++) {
    for (let l = 0; l < n; l++) {
      const o = spectra + ((<usize>(k * n + l)) << 3);
      const ar = load<f64>(o), ai = load<f64>(o + plane);
      const br = load<f64>(o + 2 * plane), bi = load<f64>(o + 3 * plane);
      const z = (<usize>(k * n + l)) << 3;
      store<f64>(zr + z, ar - bi);
      store<f64>(zi + z, ai + br);
      if (k == 0 || k == half) continue;
      const m = (<usize>((n - k) * n + ((n - l) & (n - 1)))) << 3;
      store<f64>(zr + m, ar + bi);
      store<f64>(zi + m, br - ai);
    }
  }
}

/** A = (Z(k, l) + Z*(−k, −l)) / 2n², B = (Z − Z*) / 2in²; the Nyquist modes become zero. */
function unpack(zr: usize, zi: usize, spectra: usize, n: i32): void {
  const half = n >> 1;
  const plane: usize = (<usize>((half + 1) * n)) << 3;
  const scale = 0.5 / <f64>(n * n);
  for (let k = 0; k <= half; k++) {
    for (let l = 0; l < n; l++) {
      const live = k == half || l == half ? 0 : scale;
      const z = (<usize>(k * n + l)) << 3;
      const m = (<usize>(((n - k) & (n - 1)) * n + ((n - l) & (n - 1)))) << 3;
      const r = load<f64>(zr + z), i = load<f64>(zi + z);
      const mr = load<f64>(zr + m), mi = load<f64>(zi + m);
      const o = spectra + z;
      store<f64>(o, live * (r + mr));
      store<f64>(o + plane, live * (i - mi));
      store<f64>(o + 2 * plane, live * (i + mi));
      store<f64>(o + 3 * plane, live * (mr - r));
    }
  }
}

/** From two spectra to two grids. */
export function toGrids(
  spectra: usize, re: usize, im: usize, re2: usize, im2: usize, turns: usize, n: i32,
): void {
  pack(spectra, re, im, n);
  planes(im, re, im2, re2, turns, n); // swapped planes: the inverse
}

/** From two grids to two spectra. */
export function toSpectra(
  spectra: usize, re: usize, im: usize, re2: usize, im2: usize, turns: usize, n: i32,
): void {
  planes(re, im, re2, im2, turns, n);
  unpack(re, im, spectra, n);
}

/** Velocity of a streamfunction, re and im: u = −∂y ψ, v = ∂x ψ, as two spectra of `size` numbers. */
export function toVelocity(psi: usize, spectra: usize, k: usize, l: usize, size: i32): void {
  const plane: usize = (<usize>size) << 3;
  for (let o: usize = 0; o < plane; o += 16) {
    const re = v128.load(psi + o), im = v128.load(psi + o + plane);
    const east = v128.load(k + o), north = v128.load(l + o);
    const u = spectra + o;
    v128.store(u, f64x2.mul(north, im));
    v128.store(u + plane, f64x2.mul(f64x2.neg(north), re));
    v128.store(u + 2 * plane, f64x2.mul(f64x2.neg(east), im));
    v128.store(u + 3 * plane, f64x2.mul(east, re));
  }
}

/** −∂x f − ∂y g of two spectra, as re and im. */
export function toConvergence(spectra: usize, out: usize, k: usize, l: usize, size: i32): void {
  const plane: usize = (<usize>size) << 3;
  for (let o: usize = 0; o < plane; o += 16) {
    const f = spectra + o;
    const fr = v128.load(f), fi = v128.load(f + plane);
    const gr = v128.load(f + 2 * plane), gi = v128.load(f + 3 * plane);
    const east = v128.load(k + o), north = v128.load(l + o);
    v128.store(out + o, f64x2.add(f64x2.mul(east, fi), f64x2.mul(north, gi)));
    const im = f64x2.sub(f64x2.mul(f64x2.neg(east), fr), f64x2.mul(north, gr));
    v128.store(out + o + plane, im);
  }
}

/** u += mean; returns the largest u² + v², NaN if there is one. */
export function addMean(u: usize, v: usize, mean: f64, count: i32): f64 {
  const bytes: usize = (<usize>count) << 3;
  const m = f64x2.splat(mean);
  let largest = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const total = f64x2.add(v128.load(u + o), m), north = v128.load(v + o);
    v128.store(u + o, total);
    const square = f64x2.add(f64x2.mul(total, total), f64x2.mul(north, north));
    largest = f64x2.max(largest, square);
  }
  return Math.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
}

/** The flux of a field in a flow, along x and along y. */
export function toFlux(field: usize, u: usize, v: usize, x: usize, y: usize, count: i32): void {
  const bytes: usize = (<usize>count) << 3;
  for (let o: usize = 0; o < bytes; o += 16) {
    const value = v128.load(field + o);
    v128.store(x + o, f64x2.mul(value, v128.load(u + o)));
    v128.store(y + o, f64x2.mul(value, v128.load(v + o)));
  }
}
