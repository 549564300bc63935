/** A map of shape (n, n), east by north, turned to north by east, as panels draw it; and back. */
export function turned(map: Float32Array, n: number): Float32Array {
  return Float32Array.from(map, (_, k) => map[(k % n) * n + Math.floor(k / n)]!);
}
