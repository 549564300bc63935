// AssemblyScript: random steps of a Markov chain in the unit box. Compiled into proposal-wasm.ts by
// scripts/make-kernels.mjs; what lies where is laid out by proposal.ts.
//
// Random bits are xoroshiro128++ (Blackman & Vigna 2021, ACM TOMS 47(4)); normal numbers come from the
// ziggurat (Marsaglia & Tsang 2000, J. Stat. Softw. 5(8)) with 128 layers, a layer and its number from
// separate bits (Doornik 2005). Chains draw some seventy of them for a step, since a step that leaves the
// box is drawn again, so that the polar method and its logarithms took most of a chain's time.

const LAYERS: usize = 128;
const TAIL: f64 = 3.442619855899; // where the lowest layer goes over into the tail
const AREA: f64 = 9.91256303526217e-3; // of each layer, under exp(−x²/2)

// Scratch space: the state, right edges x of the layers from the lowest (which stands for the tail too)
// up to 0, and how far each is inside the one below, x[i + 1]/x[i].
const STATE = memory.data(16, 16), EDGE = memory.data(8 * 129, 16), INSIDE = memory.data(8 * 128, 16);

/** Where the two words of the random state are. */
export function state(): usize {
  return STATE;
}

/** The first address that is free. */
export function free(): usize {
  return __heap_base;
}

/** Fill the tables of the ziggurat; once, before the first draw. */
export function prepare(): void {
  let x = TAIL, height = Math.exp(-0.5 * x * x);
  store<f64>(EDGE, AREA / height);
  store<f64>(EDGE, x, 8);
  for (let i: usize = 2; i < LAYERS; i++) {
    x = Math.sqrt(-2 * Math.log(AREA / x + height));
    height = Math.exp(-0.5 * x * x);
    store<f64>(EDGE + (i << 3), x);
  }
  store<f64>(EDGE, 0, 8 * LAYERS);
  for (let i: usize = 0; i < 8 * LAYERS; i += 8) {
    store<f64>(INSIDE + i, load<f64>(EDGE + i, 8) / load<f64>(EDGE + i));
  }
}

// @ts-ignore: decorator
@inline
function bits(): u64 {
  const s0 = load<u64>(STATE);
  let s1 = load<u64>(STATE, 8);
  const scrambled = rotl<u64>(s0 + s1, 17) + s0;
  s1 ^= s0;
  store<u64>(STATE, rotl<u64>(s0, 49) ^ s1 ^ (s1 << 21));
  store<u64>(STATE, rotl<u64>(s1, 28), 8);
  return scrambled;
}

/** Uniform in [0, 1), 53 bits. */
export function uniform(): f64 {
  return <f64>(bits() >>> 11) * 1.1102230246251565e-16; // 2^-53
}

// @ts-ignore: decorator
@inline
function normal(): f64 {
  const drawn = bits();
  const u = <f64>((<i64>drawn) >> 11) * 2.220446049250313e-16; // [−1, 1)
  const layer = (<usize>drawn & (LAYERS - 1)) << 3;
  if (Math.abs(u) < load<f64>(INSIDE + layer)) return u * load<f64>(EDGE + layer);
  return edge(u, layer);
}

/** A normal number whose first draw fell beside a layer's inside: under the curve, in the tail, or anew. */
function edge(first: f64, place: usize): f64 {
  let u = first, layer = place;
  while (true) {
    if (Math.abs(u) < load<f64>(INSIDE + layer)) return u * load<f64>(EDGE + layer);
    if (layer == 0) return u < 0 ? -tail() : tail();
    const x = u * load<f64>(EDGE + layer);
    const wide = load<f64>(EDGE + layer), narrow = load<f64>(EDGE + layer, 8);
    const low = Math.exp(-0.5 * wide * wide), high = Math.exp(-0.5 * narrow * narrow);
    if (low + uniform() * (high - low) < Math.exp(-0.5 * x * x)) return x;
    const drawn = bits();
    u = <f64>((<i64>drawn) >> 11) * 2.220446049250313e-16;
    layer = (<usize>drawn & (LAYERS - 1)) << 3;
  }
}

/** A normal number above TAIL (Marsaglia 1964). */
function tail(): f64 {
  while (true) {
    const x = -Math.log(1 - uniform()) / TAIL, y = -Math.log(1 - uniform());
    if (y + y > x * x) return TAIL + x;
  }
}

/**
 * Two normal numbers, put in z, and center + L z of the two coordinates that they complete. Rows of L are
 * `stride` bytes long and padded with zeros to pairs, as is L itself.
 */
// @ts-ignore: decorator
@inline
function pair(i: usize, stride: usize, center: usize, factor: usize, z: usize): v128 {
  v128.store(z + i, f64x2(normal(), normal()));
  let even = f64x2.splat(0), odd = f64x2.splat(0);
  for (let k: usize = 0, row = factor + (i >> 3) * stride; k <= i; k += 16, row += 16) {
    const drawn = v128.load(z + k);
    even = f64x2.add(even, f64x2.mul(v128.load(row), drawn));
    odd = f64x2.add(odd, f64x2.mul(v128.load(row + stride), drawn));
  }
  const low = v128.shuffle<f64>(even, odd, 0, 2), high = v128.shuffle<f64>(even, odd, 1, 3);
  return f64x2.add(v128.load(center + i), f64x2.add(low, high));
}

/** Whether both lanes are inside (0, 1). */
// @ts-ignore: decorator
@inline
function isInside(x: v128): bool {
  return i64x2.all_true(v128.and(f64x2.gt(x, f64x2.splat(0)), f64x2.lt(x, f64x2.splat(1))));
}

/** point = center + L z, brought back into the box as on a torus; false if it lies on its wall. */
export function drawWrapped(stride: usize, center: usize, point: usize, factor: usize, z: usize): bool {
  let inside = true;
  for (let i: usize = 0; i < stride; i += 16) {
    const x = pair(i, stride, center, factor, z);
    const wrapped = f64x2.sub(x, f64x2.floor(x));
    inside = inside && isInside(wrapped);
    v128.store(point + i, wrapped);
  }
  return inside;
}

/** point = center + L z, drawn again until it is in the box; a draw ends at its first pair outside. */
export function drawInBox(stride: usize, center: usize, point: usize, factor: usize, z: usize): void {
  let i: usize = 0;
  while (i < stride) {
    const x = pair(i, stride, center, factor, z);
    v128.store(point + i, x);
    i = isInside(x) ? i + 16 : 0;
  }
}

/** point = center ± reach in every direction, each drawn again until it is in the box. */
export function drawUniform(d: usize, center: usize, point: usize, reach: f64): void {
  for (let i: usize = 0; i < d << 3; i += 8) {
    let x: f64 = -1;
    while (!(x > 0 && x < 1)) x = load<f64>(center + i) + reach * (2 * uniform() - 1);
    store<f64>(point + i, x);
  }
}
