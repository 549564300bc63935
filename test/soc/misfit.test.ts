import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { makeRandom } from "carbonbook/core";
import {
  makeColumn2020,
  makeMisfitKernel,
  makeSoilTwin,
  makeSteadyState,
  type Sampled,
} from "carbonbook/soc";
import { expect, test } from "vitest";
import { MISFIT_SOURCE_SHA256 } from "../../lib/soc/misfit-wasm.js";

const { profiles } = makeSoilTwin({ seed: 21, profiles: 4, cellDegrees: 5 });
const sampled = profiles.map((p): Sampled => ({ ...p, weights: p.depth.map(() => 1e-6) }));

/** The same place with a permafrost of that thaw depth, and with soils wet, damp and dry. */
function places(): Sampled[] {
  const thaws = [10, 4, 1.5, 0.4, 0.005];
  const wetness = [-1e-4, -0.05, -3, -30];
  return thaws.flatMap((activeLayer) =>
    wetness.map((psi) => {
      const one = sampled[0]!;
      const temperature = Array.from({ length: 10 }, (_, i) => 268 + 2 * i);
      const waterPotential = Array.from({ length: 10 }, (_, i) => psi * (1 - 0.05 * i));
      return { ...one, forcing: { ...one.forcing, activeLayer, temperature, waterPotential } };
    }),
  );
}

test("the kernel's pools equal those of the readable model within 1e-10 over the prior", () => {
  const random = makeRandom(8);
  const steady = makeSteadyState(10);
  let worst = 0;
  for (const place of [...sampled, ...places()]) {
    const kernel = makeMisfitKernel([place]);
    const column = makeColumn2020(place.forcing);
    for (let draw = 0; draw < 10; draw++) {
      const kp = Float64Array.from({ length: 25 }, () => 0.02 + 0.96 * random.uniform());
      for (const share of [21, 22, 23]) kp[share] = kp[share]! / 2;
      const pools = new Float64Array(70);
      steady.solve(column.rates(column.valuesOf(kp)), pools);
      for (const [at, x] of kernel.pools(kp)!.entries()) {
        worst = Math.max(worst, Math.abs(x - pools[at]!) / (pools[at]! + 1e-280));
      }
    }
  }
  expect(worst).toBeLessThan(1e-10);
});

test("nothing left for wood has no pools and an infinite misfit", () => {
  const kernel = makeMisfitKernel(sampled);
  const kp = new Float64Array(25).fill(0.5);
  for (const share of [21, 22, 23]) kp[share] = 0.99;
  expect(kernel.pools(kp)).toBeUndefined();
  expect(kernel.misfit(kp)).toBe(Number.POSITIVE_INFINITY);
});

test("decomposition that stops with depth is no number out of range", () => {
  const kernel = makeMisfitKernel(sampled);
  const kp = new Float64Array(25).fill(0.3);
  for (const efolding of [1e-9, 1e-4, 1e-3]) {
    kp[3] = efolding;
    expect(kernel.misfit(kp)).not.toBeNaN();
  }
});

test("the compiled kernel is that of its source", () => {
  const source = readFileSync(new URL("../../lib/soc/misfit.as", import.meta.url));
  expect(createHash("sha256").update(source).digest("hex")).toBe(MISFIT_SOURCE_SHA256);
});
