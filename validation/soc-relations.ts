/**
 * Judges the relations of Tao et al. (2020) on seeds of the soil twin that were not looked at while
 * building, by the rules of docs/twins/soil.md.
 *
 *   npx esbuild validation/soc-relations.ts --format=esm > validation/.run.mjs
 *   node validation/.run.mjs [profiles steps epochs sampler [seed …]]
 *
 * Defaults are small (300 10000 150 published: a minute or two of processor time a seed); the quick sizes
 * are 600 20000 200, the workshop's 5000 50000 1200.
 */

import {
  assimilateBatch,
  assimilateSites,
  CLM5_DEFAULTS,
  CONSTRAINED,
  type Comparison,
  extentOf,
  isEstimate,
  type MethodResult,
  makeSoilTwin,
  poolDraws,
  predictParameters,
  type Recovery,
  recoveryOf,
  runMethods,
  type Sampler,
  screenProfiles,
  splitProfiles,
  trainParameterNetwork,
  trainThroughModel,
} from "carbonbook/soc";

const [profiles, steps, epochs] = [2, 3, 4].map((i) =>
  Number(process.argv[i] ?? [300, 10_000, 150][i - 2]),
);
const sampler = (process.argv[5] ?? "published") as Sampler;
const seeds = process.argv.length > 6 ? process.argv.slice(6).map(Number) : [204, 205, 206];

const held = new Map<string, boolean[]>();
for (const seed of seeds) {
  const { compared, recovery } = await study(seed);
  console.log(`seed ${seed}, ${profiles} profiles, ${steps} steps, ${sampler}`);
  for (const m of compared.methods) console.log(`  ${row(m)}`);
  console.log(`  true storage ${compared.trueStorage.map((s) => s.toFixed(1)).join(" / ")} PgC`);
  for (const [rule, holds] of judge(compared, recovery)) {
    held.set(rule, [...(held.get(rule) ?? []), holds]);
  }
  const sorted = [...recovery].sort((a, b) => a.width - b.width);
  console.log(
    `  ${sorted.map((r) => `${r.name} ${r.width.toFixed(2)}/${r.correlation.toFixed(2)}`).join(" ")}`,
  );
}
for (const [rule, results] of held) {
  console.log(`${rule}: ${results.every(Boolean) ? "holds" : "differs"} (${results.join(", ")})`);
}

async function study(seed: number): Promise<{ compared: Comparison; recovery: Recovery[] }> {
  const twin = makeSoilTwin({ seed, profiles: profiles!, cellDegrees: 1 });
  const { kept } = screenProfiles(twin.profiles);
  const how = { sampler, steps: steps!, seed, workers: 2 };
  const estimates = await assimilateSites(kept, how);
  const fitted = kept.flatMap((profile, i) => {
    const estimate = estimates[i];
    return isEstimate(estimate) ? [{ ...profile, estimate }] : [];
  });
  const batch = await assimilateBatch(kept.slice(0, 100), { ...how, chains: 2 });
  const extent = extentOf(twin.cells.map((cell) => cell.covariates));
  const split = splitProfiles(fitted.length, seed);
  const learn = Array.from(split.learn, (i) => fitted[i]!);
  const test = Array.from(split.test, (i) => fitted[i]!);
  const rows = learn.map((p) => p.covariates);
  const targets = learn.map((p) => p.estimate.mean);
  const network = await trainParameterNetwork(rows, targets, extent, { seed, epochs: epochs! });
  const through = await trainThroughModel(learn, rows, extent, { seed, epochs: 60 });
  const testRows = test.map((p) => p.covariates);
  const cellRows = twin.cells.map((cell) => cell.covariates);
  const cells = await predictParameters(network, cellRows);
  const truth = twin.cells.map((cell) => cell.truth);
  const compared = runMethods(
    [
      { name: "default", defaults: CLM5_DEFAULTS },
      {
        name: "random sampling",
        sets: poolDraws(
          learn.map((p) => p.estimate),
          40,
          seed,
        ),
      },
      { name: "one batch", sets: [batch.mean] },
      { name: "network", sites: await predictParameters(network, testRows), cells },
      {
        name: "through the model",
        sites: await predictParameters(through, testRows),
        cells: await predictParameters(through, cellRows),
      },
    ],
    { twin, test, truth },
  );
  return {
    compared,
    recovery: recoveryOf(
      fitted.map((p) => p.estimate),
      cells,
      truth,
    ),
  };
}

/** The six rules; the network trained through the model is reported and takes no part. */
function judge({ methods, trueStorage }: Comparison, recovery: readonly Recovery[]) {
  const [plain, random, batch, network] = methods as readonly [
    MethodResult,
    MethodResult,
    MethodResult,
    MethodResult,
  ];
  const r2 = [plain, random, batch, network].map((m) => m.agreement.rSquared);
  const off = (m: MethodResult) => Math.abs(m.storage[1]! - trueStorage[1]!);
  const others = [plain, random, batch];
  const mean = (list: readonly Recovery[]) =>
    list.reduce((sum, r) => sum + r.correlation, 0) / list.length;
  const known = recovery.filter((r) => Number.isFinite(r.correlation));
  const told = mean(known.filter((r) => r.width < CONSTRAINED));
  const untold = mean(known.filter((r) => r.width >= CONSTRAINED));
  console.log(`  mean correlation: constrained ${told.toFixed(2)}, others ${untold.toFixed(2)}`);
  return [
    ["1 ranking", r2.every((r, i) => i === 0 || r > r2[i - 1]!)],
    ["2 default overestimates", plain.storage[1]! > trueStorage[1]!],
    ["3 totals corrected", off(random) < off(plain) && off(batch) < off(plain)],
    [
      "4 regional bias",
      others.every(
        (m) => network.regionalError < m.regionalError && network.beltError < m.beltError,
      ),
    ],
    ["5 least error", others.every((m) => network.agreement.rmse < m.agreement.rmse)],
    ["6 parameters", told > 0.5 && !(told <= untold)],
  ] as const;
}

function row(m: MethodResult): string {
  const { rSquared, efficiency, rmse, bias } = m.agreement;
  return (
    `${m.name.padEnd(18)} R² ${rSquared.toFixed(3)} (truth ${m.trueAgreement.rSquared.toFixed(3)}) ` +
    `NSE ${efficiency.toFixed(3)} RMSE ${rmse.toFixed(2)} bias ${bias.toFixed(2)} ` +
    `storage ${m.storage.map((s) => s.toFixed(1)).join(" / ")} ` +
    `regions ${m.regionalError.toFixed(2)} belts ${m.beltError.toFixed(2)}`
  );
}
