/**
 * Seeded random numbers: xoshiro128** seeded through splitmix32. The same seed gives the same
 * numbers on every machine; no science code may use `Math.random`.
 */

/** A stream of random numbers with its own state. */
export interface Random {
  /** uniform in [0, 1), 53 bits */
  uniform(): number;
  /** standard normal (Marsaglia's polar method) */
  normal(): number;
  /** integer in [0, n) without modulo bias */
  integer(n: number): number;
  /** 32 random bits */
  bits(): number;
}

/**
 * Make a stream of random numbers.
 *
 * @param seed   any integer; equal seeds give equal streams
 * @param stream number of an independent stream under this seed, 0 by default
 * @see Blackman & Vigna (2021), Scrambled linear pseudorandom number generators, ACM TOMS 47(4)
 */
export function makeRandom(seed: number, stream = 0): Random {
  const state = seedState(seed, stream);
  let spare = Number.NaN;

  function bits(): number {
    const s1 = state[1]!;
    const scrambled = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    state[2] = state[2]! ^ state[0]!;
    state[3] = state[3]! ^ s1;
    state[1] = s1 ^ state[2]!;
    state[0] = state[0]! ^ state[3]!;
    state[2] = state[2]! ^ t;
    state[3] = rotateLeft(state[3]!, 11);
    return scrambled;
  }

  function uniform(): number {
    const high = bits() >>> 5;
    const low = bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  function normal(): number {
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    }
  }

  function integer(n: number): number {
    const limit = 4294967296 - (4294967296 % n);
    for (;;) {
      const draw = bits();
      if (draw < limit) return draw % n;
    }
  }

  return { uniform, normal, integer, bits };
}

/** Shuffle an array in place (Fisher–Yates). */
export function shuffle<T extends { length: number; [i: number]: unknown }>(
  items: T,
  random: Random,
): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = items[i];
    items[i] = items[j];
    items[j] = kept;
  }
  return items;
}

function seedState(seed: number, stream: number): Uint32Array {
  const state = new Uint32Array(4);
  let s = (Math.imul(seed, 0x9e3779b9) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0;
  for (let i = 0; i < 4; i++) {
    s = (s + 0x9e3779b9) >>> 0;
    let z = s;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    state[i] = (z ^ (z >>> 15)) >>> 0;
  }
  return state;
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}
