/** A small box of ocean that the tests put closed-form flows in: 600 km, 1200 m, ninety days. */
export const BOX = {
  nx: 61,
  ny: 61,
  dx: 10e3,
  heights: Float64Array.from({ length: 13 }, (_, k) => -1200 + 100 * k),
  times: Float64Array.from({ length: 91 }, (_, day) => day * 86400),
  f: 1e-4,
};
