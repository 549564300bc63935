/** Monthly forcing of a made-up place, for tests of the 2023 form. */

import type { Forcing2023 } from "carbonbook/soc";

const N = 20;

/** Monthly forcing of a temperate place, or of one whose soil thaws to 1 m. */
export function forcing(thaw: number, bedrock = 5): Forcing2023 {
  const monthly = (value: (month: number, layer: number) => number) =>
    Float64Array.from({ length: 12 * N }, (_, at) => value(Math.floor(at / N), at % N));
  const mean = thaw > 2 ? 283 : 268;
  return {
    temperature: monthly((m, i) => mean - 12 * Math.cos((Math.PI * m) / 6) * Math.exp(-i / 8)),
    water: monthly((m) => 0.3 + 0.1 * Math.sin(m)),
    oxygen: monthly((_, i) => 1 - 0.02 * i),
    nitrogen: monthly(() => 0.8),
    activeLayer: new Float64Array(12).fill(thaw),
    activeLayerLastYear: new Float64Array(12).fill(0.9 * thaw),
    bedrock,
    input: [80, 90, 150, 60],
  };
}
