// AssemblyScript: one step of an optimiser in one pass over all weights. Compiled into optimiser-wasm.ts by
// scripts/make-kernels.mjs; the vectors are laid out, and the equations' numbers made, by optimiser.ts.
//
// Vectors are float32 and padded with zeros to whole groups of four; `bytes` is their padded length. Each
// element goes through the same float32 operations in the same order whatever its place.

/** The first address that is free. */
export function free(): usize {
  return __heap_base;
}

// @ts-ignore: decorator
@inline
function blend(old: v128, keep: f32, fresh: v128, take: f32): v128 {
  return f32x4.add(f32x4.mul(old, f32x4.splat(keep)), f32x4.mul(fresh, f32x4.splat(take)));
}

/** Σ g², added up in float64. */
export function sumSquares(bytes: usize, g: usize): f64 {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (let end = g + bytes; g < end; g += 16) {
    const four = v128.load(g);
    const a = f64x2.promote_low_f32x4(four);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** g ← g · factor */
export function scale(bytes: usize, g: usize, factor: f32): void {
  for (let end = g + bytes; g < end; g += 16) {
    v128.store(g, f32x4.mul(v128.load(g), f32x4.splat(factor)));
  }
}

/** g ← g, no further than bound from 0 */
export function clamp(bytes: usize, g: usize, bound: f32): void {
  for (let end = g + bytes; g < end; g += 16) {
    const low = f32x4.min(v128.load(g), f32x4.splat(bound));
    v128.store(g, f32x4.max(low, f32x4.splat(-bound)));
  }
}

/** y ← y + factor · x */
export function addScaled(bytes: usize, y: usize, x: usize, factor: f32): void {
  for (let end = y + bytes; y < end; y += 16, x += 16) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(v128.load(x), f32x4.splat(factor))));
  }
}

/** v ← momentum · v + g; w ← w − rate · v */
export function momentum(bytes: usize, w: usize, g: usize, v: usize, keep: f32, rate: f32): void {
  for (let end = w + bytes; w < end; w += 16, g += 16, v += 16) {
    const velocity = f32x4.add(f32x4.mul(v128.load(v), f32x4.splat(keep)), v128.load(g));
    v128.store(v, velocity);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(velocity, f32x4.splat(rate))));
  }
}

/** m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; w ← w − rate · m / (√v + floor) */
export function adam(
  bytes: usize, w: usize, g: usize, m: usize, v: usize,
  keep1: f32, take1: f32, keep2: f32, take2: f32, rate: f32, floor: f32,
): void {
  for (let end = w + bytes; w < end; w += 16, g += 16, m += 16, v += 16) {
    const gradient = v128.load(g);
    const first = blend(v128.load(m), keep1, gradient, take1);
    const second = blend(v128.load(v), keep2, f32x4.mul(gradient, gradient), take2);
    const root = f32x4.add(f32x4.sqrt(second), f32x4.splat(floor));
    v128.store(m, first);
    v128.store(v, second);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.div(f32x4.mul(first, f32x4.splat(rate)), root)));
  }
}

/** s ← ρ s + (1 − ρ) g²; Δ = g √((u + ε) / (s + ε)); u ← ρ u + (1 − ρ) Δ²; w ← w − rate · Δ */
export function adadelta(
  bytes: usize, w: usize, g: usize, s: usize, u: usize,
  keep: f32, take: f32, epsilon: f32, rate: f32,
): void {
  for (let end = w + bytes; w < end; w += 16, g += 16, s += 16, u += 16) {
    const gradient = v128.load(g), updates = v128.load(u);
    const squares = blend(v128.load(s), keep, f32x4.mul(gradient, gradient), take);
    const above = f32x4.add(updates, f32x4.splat(epsilon));
    const below = f32x4.add(squares, f32x4.splat(epsilon));
    const update = f32x4.mul(gradient, f32x4.sqrt(f32x4.div(above, below)));
    v128.store(s, squares);
    v128.store(u, blend(updates, keep, f32x4.mul(update, update), take));
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(update, f32x4.splat(rate))));
  }
}
