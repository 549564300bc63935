// AssemblyScript: carbon of a column from 25 proportions, and its misfit to a profile.
//
// The 2020 model as column.ts and steady.ts have it, for ten layers, with what that form allows:
// every pool decays with the same scalar ξ(z), all input falls off with the same root profile, and
// diffusivity is one parameter times a shape that the place fixes. So cellulose and lignin are one
// litter up to a factor, and rows times their thickness make the mixing symmetric: the face between
// layers i and i + 1 exchanges e_i = p · face_i. Compiled into misfit-wasm.ts by
// scripts/make-kernels.mjs; records are written by misfit.ts.

const N: usize = 10;
const LAYERS: usize = 80; // bytes of ten numbers
const FLOOR: f64 = 0.25; // the least that dryness leaves of decomposition
const DRY: f64 = -25; // [MPa]

// The record of a profile, in bytes; see misfit.ts.
const ROWS = 0, SIZE = 4, NPP = 8, MIXES = 16, LO = 24, SPAN = 232, WARMTH = 440;
const LOG_DRY = 520, POTENTIAL = 600, FACE = 680, DEPTH = 760, THICKNESS = 840, BOTTOM = 920;
const SAMPLES = 1000; // then rows of (weight, carbon, matrix)
const SAMPLE: usize = 96;

// Scratch space, in bytes: values of the parameters, ξ dz, shares of the roots, both unit litters,
// inverse blocks, pools.
const VALUES = memory.data(208, 16), XI = memory.data(80, 16), ROOTS = memory.data(96, 16);
const LITTER = memory.data(160, 16), RATIO = memory.data(160, 16), BLOCK = memory.data(720, 16);
const POOLS = memory.data(560, 16), SOIL = memory.data(80, 16);

// Parameters in the order of the published vectors, as bytes.
const Q10 = 16, EFOLDING = 24, TAU = 32, FL1S1 = 80, FL2S1 = 88, FL3S2 = 96, FS1S2 = 104;
const FS1S3 = 112, FS2S1 = 120, FS2S3 = 128, FS3S1 = 136, FCWDL2 = 144, INS = 152, BETA = 160;
const P4LL = 168, P4ML = 176, P4CL = 184, MAXPSI = 192;

/** Where the pools are, shape (7, 10), after a solution. */
export function pools(): usize {
  return POOLS;
}

/** The first address that is free. */
export function free(): usize {
  return __heap_base;
}

/** e^x in both lanes, within an ulp or two; x is held at −708 or above. */
// @ts-ignore: decorator
@inline
function exp(x: v128): v128 {
  const magic = f64x2.splat(6755399441055744.0); // 1.5 · 2^52: leaves a whole number in the low bits
  const held = f64x2.max(x, f64x2.splat(-708.0));
  const t = f64x2.add(f64x2.mul(held, f64x2.splat(1.4426950408889634)), magic);
  const k = f64x2.sub(t, magic);
  const high = f64x2.sub(held, f64x2.mul(k, f64x2.splat(0.6931471803691238)));
  const r = f64x2.sub(high, f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)));
  const r2 = f64x2.mul(r, r), r4 = f64x2.mul(r2, r2);
  const a = pair(r, 1.0, 1.0);
  const b = pair(r, 0.5, 0.16666666666666666);
  const c = pair(r, 0.041666666666666664, 0.008333333333333333);
  const d = pair(r, 0.001388888888888889, 0.0001984126984126984);
  const e = pair(r, 2.48015873015873e-5, 2.7557319223985893e-6);
  const f = pair(r, 2.755731922398589e-7, 2.505210838544172e-8);
  const low = f64x2.add(a, f64x2.mul(r2, b)), middle = f64x2.add(c, f64x2.mul(r2, d));
  const top = f64x2.add(f64x2.add(e, f64x2.mul(r2, f)), f64x2.mul(r4, f64x2.splat(2.08767569878681e-9)));
  const sum = f64x2.add(low, f64x2.mul(r4, f64x2.add(middle, f64x2.mul(r4, top))));
  return i64x2.add(sum, i64x2.shl(t, 52));
}

// @ts-ignore: decorator
@inline
function pair(r: v128, a: f64, b: f64): v128 {
  return f64x2.add(f64x2.splat(a), f64x2.mul(r, f64x2.splat(b)));
}

/** Values of the parameters from proportions. */
// @ts-ignore: decorator
@inline
function fillValues(at: usize, kp: usize): void {
  for (let i: usize = 0; i < 208; i += 16) {
    const span = f64x2.mul(v128.load(kp + i), v128.load(at + i, SPAN));
    v128.store(VALUES + i, f64x2.add(v128.load(at + i, LO), span));
  }
}

/** ξ times thickness, and the share of the roots, of every layer. */
// @ts-ignore: decorator
@inline
function fillLayers(at: usize): void {
  const maxpsi = load<f64>(VALUES, MAXPSI);
  const warm = f64x2.splat(Math.log(load<f64>(VALUES, Q10)));
  const deep = f64x2.splat(-1 / load<f64>(VALUES, EFOLDING));
  const wet = f64x2.splat(1 / Math.log(DRY / maxpsi));
  const fall = f64x2.splat(100 * Math.log(load<f64>(VALUES, BETA)));
  for (let i: usize = 0; i < LAYERS; i += 16) {
    const share = f64x2.max(f64x2.splat(FLOOR), f64x2.mul(v128.load(at + i, LOG_DRY), wet));
    const soaked = f64x2.gt(v128.load(at + i, POTENTIAL), f64x2.splat(maxpsi));
    const water = v128.bitselect(f64x2.splat(1), share, soaked);
    const warmth = f64x2.mul(warm, v128.load(at + i, WARMTH));
    const power = f64x2.add(warmth, f64x2.mul(deep, v128.load(at + i, DEPTH)));
    const scalar = f64x2.mul(water, exp(power));
    v128.store(XI + i, f64x2.mul(scalar, v128.load(at + i, THICKNESS)));
    v128.store(ROOTS + i, exp(f64x2.mul(fall, v128.load(at + i, BOTTOM))), 8);
  }
  store<f64>(ROOTS, 1);
  const whole = f64x2.splat(1 / (1 - load<f64>(ROOTS + LAYERS)));
  for (let i: usize = 0; i < LAYERS; i += 16) {
    const share = f64x2.sub(v128.load(ROOTS + i), v128.load(ROOTS + i, 8));
    v128.store(ROOTS + i, f64x2.mul(share, whole));
  }
}

/** Both litters of a unit input, metabolic and the one that decays slower, in the two lanes. */
// @ts-ignore: decorator
@inline
function solveLitter(at: usize, mixing: f64, rates: v128): void {
  let above = f64x2.splat(0), before = f64x2.splat(0), up: f64 = 0;
  for (let i: usize = 0; i < N; i++) {
    const down = mixing * load<f64>(at + (i << 3), FACE);
    const decay = f64x2.mul(rates, v128.load64_splat(XI + (i << 3)));
    const held = f64x2.add(decay, f64x2.splat(down + up));
    const pull = f64x2.mul(f64x2.splat(up), above);
    const inverse = f64x2.div(f64x2.splat(1), f64x2.sub(held, f64x2.mul(f64x2.splat(up), pull)));
    const source = f64x2.add(v128.load64_splat(ROOTS + (i << 3)), f64x2.mul(f64x2.splat(up), before));
    before = f64x2.mul(source, inverse);
    above = inverse;
    v128.store(LITTER + (i << 4), before);
    v128.store(RATIO + (i << 4), f64x2.mul(f64x2.splat(down), inverse));
    up = down;
  }
  let below = before;
  for (let i = <i32>N - 2; i >= 0; i--) {
    const place: usize = (<usize>i) << 4;
    below = f64x2.add(v128.load(LITTER + place), f64x2.mul(v128.load(RATIO + place), below));
    v128.store(LITTER + place, below);
  }
}

/** The three soil pools; `fast` and `slow` times a litter, ξ dz and decay are what reaches S1 and S2. */
// @ts-ignore: decorator
@inline
function solveSoil(at: usize, mixing: f64, fast1: f64, fast2: f64, slow: f64): void {
  const k1 = rateOf(3), k2 = rateOf(4), k3 = rateOf(5);
  const f12 = -load<f64>(VALUES, FS2S1) * k2, f13 = -load<f64>(VALUES, FS3S1) * k3;
  const f21 = -load<f64>(VALUES, FS1S2) * k1;
  const f31 = -load<f64>(VALUES, FS1S3) * k1, f32 = -load<f64>(VALUES, FS2S3) * k2;
  let up: f64 = 0, y1: f64 = 0, y2: f64 = 0, y3: f64 = 0;
  let i11: f64 = 0, i12: f64 = 0, i13: f64 = 0, i21: f64 = 0, i22: f64 = 0, i23: f64 = 0;
  let i31: f64 = 0, i32_: f64 = 0, i33: f64 = 0;
  for (let i: usize = 0; i < N; i++) {
    const xi = load<f64>(XI + (i << 3)), down = mixing * load<f64>(at + (i << 3), FACE);
    const out = up + down, e2 = up * up;
    const a = xi * k1 + out - e2 * i11, b = xi * f12 - e2 * i12, c = xi * f13 - e2 * i13;
    const d = xi * f21 - e2 * i21, e = xi * k2 + out - e2 * i22, f = -e2 * i23;
    const g = xi * f31 - e2 * i31, h = xi * f32 - e2 * i32_, k = xi * k3 + out - e2 * i33;
    const A = e * k - f * h, B = f * g - d * k, C = d * h - e * g;
    const scale = 1 / (a * A + b * B + c * C);
    i11 = A * scale; i12 = (c * h - b * k) * scale; i13 = (b * f - c * e) * scale;
    i21 = B * scale; i22 = (a * k - c * g) * scale; i23 = (c * d - a * f) * scale;
    i31 = C * scale; i32_ = (b * g - a * h) * scale; i33 = (a * e - b * d) * scale;
    const metabolic = load<f64>(LITTER + (i << 4)), slower = load<f64>(LITTER + (i << 4), 8);
    const s1 = xi * (fast1 * metabolic + fast2 * slower) + up * y1;
    const s2 = xi * slow * slower + up * y2, s3 = up * y3;
    y1 = i11 * s1 + i12 * s2 + i13 * s3;
    y2 = i21 * s1 + i22 * s2 + i23 * s3;
    y3 = i31 * s1 + i32_ * s2 + i33 * s3;
    const to = BLOCK + i * 72, pool = POOLS + 320 + (i << 3);
    store<f64>(to, down * i11); store<f64>(to, down * i12, 8); store<f64>(to, down * i13, 16);
    store<f64>(to, down * i21, 24); store<f64>(to, down * i22, 32); store<f64>(to, down * i23, 40);
    store<f64>(to, down * i31, 48); store<f64>(to, down * i32_, 56); store<f64>(to, down * i33, 64);
    store<f64>(pool, y1); store<f64>(pool, y2, 80); store<f64>(pool, y3, 160);
    up = down;
  }
  store<f64>(SOIL + 72, y1 + y2 + y3);
  for (let i = <i32>N - 2; i >= 0; i--) {
    const b = BLOCK + (<usize>i) * 72, pool = POOLS + 320 + ((<usize>i) << 3);
    const x1 = load<f64>(pool) + (load<f64>(b) * y1 + load<f64>(b, 8) * y2 + load<f64>(b, 16) * y3);
    const x2 = load<f64>(pool, 80) + (load<f64>(b, 24) * y1 + load<f64>(b, 32) * y2 + load<f64>(b, 40) * y3);
    const x3 = load<f64>(pool, 160) + (load<f64>(b, 48) * y1 + load<f64>(b, 56) * y2 + load<f64>(b, 64) * y3);
    y1 = x1; y2 = x2; y3 = x3;
    store<f64>(pool, y1); store<f64>(pool, y2, 80); store<f64>(pool, y3, 160);
    store<f64>(SOIL + ((<usize>i) << 3), y1 + y2 + y3);
  }
}

/** 1/(365 τ) of a turnover time; CWD, L1, L2 and L3, S1, S2, S3 count from 0. */
// @ts-ignore: decorator
@inline
function rateOf(i: usize): f64 {
  return 1 / (365 * load<f64>(VALUES + (i << 3), TAU));
}

/**
 * Steady state of a place; false if nothing is left for wood. Pools are filled, of which the soil
 * is what a misfit needs.
 */
export function solve(at: usize, kp: usize): bool {
  fillValues(at, kp);
  const p4ml = load<f64>(VALUES, P4ML), p4cl = load<f64>(VALUES, P4CL), p4ll = load<f64>(VALUES, P4LL);
  const wood = 1 - p4ml - p4cl - p4ll;
  if (!(wood > 0)) return false;
  fillLayers(at);
  const mixing = load<f64>(VALUES + (<usize>load<i32>(at, MIXES) << 3));
  const total = load<f64>(VALUES, INS) * load<f64>(at, NPP);
  const k0 = rateOf(0), k1 = rateOf(1), k2 = rateOf(2), fcwdl2 = load<f64>(VALUES, FCWDL2);
  const metabolic = p4ml * total, cellulose = (p4cl + fcwdl2 * wood) * total;
  const lignin = (p4ll + (1 - fcwdl2) * wood) * total;
  solveLitter(at, mixing, f64x2(k1, k2));
  for (let i: usize = 0; i < LAYERS; i += 8) {
    const unit1 = load<f64>(LITTER + 2 * i), unit2 = load<f64>(LITTER + 2 * i, 8);
    store<f64>(POOLS + i, (wood * total * load<f64>(ROOTS + i)) / (k0 * load<f64>(XI + i)));
    store<f64>(POOLS + i, metabolic * unit1, 80);
    store<f64>(POOLS + i, cellulose * unit2, 160);
    store<f64>(POOLS + i, lignin * unit2, 240);
  }
  const fast1 = load<f64>(VALUES, FL1S1) * metabolic * k1, fast2 = load<f64>(VALUES, FL2S1) * cellulose * k2;
  solveSoil(at, mixing, fast1, fast2, load<f64>(VALUES, FL3S2) * lignin * k2);
  return true;
}

/** Σ w (model − observation)² over the layers of `count` profiles, infinite where there is no model. */
export function misfit(first: usize, count: i32, kp: usize): f64 {
  let sum: f64 = 0, at = first;
  for (let profile = 0; profile < count; profile++) {
    if (!solve(at, kp)) return Infinity;
    let own: f64 = 0;
    const rows = load<i32>(at, ROWS);
    for (let row = 0, sample = at + SAMPLES; row < rows; row++, sample += SAMPLE) {
      let model = f64x2.splat(0);
      for (let i: usize = 0; i < LAYERS; i += 16) {
        model = f64x2.add(model, f64x2.mul(v128.load(sample + i, 16), v128.load(SOIL + i)));
      }
      const gap = f64x2.extract_lane(model, 0) + f64x2.extract_lane(model, 1) - load<f64>(sample, 8);
      own += load<f64>(sample) * gap * gap;
    }
    sum += own;
    at += load<i32>(at, SIZE);
  }
  return sum - sum == 0 ? sum : Infinity;
}
