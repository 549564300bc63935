// AssemblyScript: undoes HDF5's shuffle for values of two and four bytes, 16 values at a time. Compiled into
// unshuffle-wasm.ts by scripts/make-kernels.mjs; shuffle.ts puts the bytes there and fetches them.

/** The first bytes of n values lie at `from`, the second ones n further; whole values go to `to`. */
export function unshuffle2(from: usize, to: usize, n: usize): void {
  let i: usize = 0;
  for (; i + 16 <= n; i += 16) {
    const a = v128.load(from + i), b = v128.load(from + n + i);
    v128.store(to + (i << 1), low(a, b));
    v128.store(to + (i << 1), high(a, b), 16);
  }
  for (; i < n; i++) {
    store<u8>(to + (i << 1), load<u8>(from + i));
    store<u8>(to + (i << 1), load<u8>(from + n + i), 1);
  }
}

/** Likewise for values of four bytes. */
export function unshuffle4(from: usize, to: usize, n: usize): void {
  const second = from + n, third = second + n, fourth = third + n;
  let i: usize = 0;
  for (; i + 16 <= n; i += 16) {
    const a = v128.load(from + i), b = v128.load(second + i);
    const c = v128.load(third + i), d = v128.load(fourth + i);
    const lowAb = low(a, b), highAb = high(a, b), lowCd = low(c, d), highCd = high(c, d);
    const at = to + (i << 2);
    v128.store(at, pairsLow(lowAb, lowCd));
    v128.store(at, pairsHigh(lowAb, lowCd), 16);
    v128.store(at, pairsLow(highAb, highCd), 32);
    v128.store(at, pairsHigh(highAb, highCd), 48);
  }
  for (; i < n; i++) {
    const at = to + (i << 2);
    store<u8>(at, load<u8>(from + i));
    store<u8>(at, load<u8>(second + i), 1);
    store<u8>(at, load<u8>(third + i), 2);
    store<u8>(at, load<u8>(fourth + i), 3);
  }
}

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// @ts-ignore: decorator
@inline
function pairsLow(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

// @ts-ignore: decorator
@inline
function pairsHigh(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}
