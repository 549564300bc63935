// AssemblyScript: random steps of a Markov chain in the unit box. Compiled into proposal-wasm.ts by
// scripts/make-kernel-soc.mjs; what lies where is laid out by proposal.ts.
//
// Random bits are xoshiro128** and normal numbers Marsaglia's polar method, as in core/random.ts.

const STATE = memory.data(16, 16), SPARE = memory.data(8, 8);

/** Where the four words of the random state are. */
export function state(): usize {
  return STATE;
}

/** The first address that is free. */
export function free(): usize {
  return __heap_base;
}

function bits(): u32 {
  const s1 = load<u32>(STATE, 4);
  const scrambled = rotl<u32>(s1 * 5, 7) * 9;
  const s2 = load<u32>(STATE, 8) ^ load<u32>(STATE), s3 = load<u32>(STATE, 12) ^ s1;
  store<u32>(STATE, s1 ^ s2, 4);
  store<u32>(STATE, load<u32>(STATE) ^ s3);
  store<u32>(STATE, s2 ^ (s1 << 9), 8);
  store<u32>(STATE, rotl<u32>(s3, 11), 12);
  return scrambled;
}

/** Uniform in [0, 1), 53 bits. */
export function uniform(): f64 {
  const high = bits() >>> 5, low = bits() >>> 6;
  return (<f64>high * 67108864.0 + <f64>low) / 9007199254740992.0;
}

function normal(): f64 {
  const spare = load<f64>(SPARE);
  if (spare != 0) {
    store<f64>(SPARE, 0);
    return spare;
  }
  while (true) {
    const u = 2 * uniform() - 1, v = 2 * uniform() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) {
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      store<f64>(SPARE, v * scale);
      return u * scale;
    }
  }
}

/** center + row · z, whose last element is new; rows are padded with zeros to pairs. */
// @ts-ignore: decorator
@inline
function coordinate(i: usize, center: usize, row: usize, z: usize): f64 {
  let sum = f64x2.splat(0);
  for (let k: usize = 0; k <= i << 3; k += 16) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(row + k), v128.load(z + k)));
  }
  return load<f64>(center + (i << 3)) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** point = center + L z, brought back into the box as on a torus; false if it lies on its wall. */
export function drawWrapped(d: usize, center: usize, point: usize, factor: usize, z: usize): bool {
  const stride = ((d + 1) >> 1) << 4;
  let inside = true;
  for (let i: usize = 0; i < d; i++) {
    store<f64>(z + (i << 3), normal());
    const x = coordinate(i, center, factor + i * stride, z);
    const wrapped = x - Math.floor(x);
    inside = inside && wrapped > 0 && wrapped < 1;
    store<f64>(point + (i << 3), wrapped);
  }
  return inside;
}

/** point = center + L z, drawn again until it is in the box; a draw ends at its first coordinate outside. */
export function drawInBox(d: usize, center: usize, point: usize, factor: usize, z: usize): void {
  const stride = ((d + 1) >> 1) << 4;
  for (let i: usize = 0; i < d; i++) {
    store<f64>(z + (i << 3), normal());
    const x = coordinate(i, center, factor + i * stride, z);
    store<f64>(point + (i << 3), x);
    if (!(x > 0 && x < 1)) i = <usize>-1;
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
