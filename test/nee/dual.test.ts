import {
  add,
  constant,
  gradients,
  input,
  type Node,
  openEngine,
  reshape,
  scalar,
} from "carbonbook/learn";
import {
  applyScaler,
  constraintRange,
  fitScaler,
  heldOutOf,
  LOG_VARIANCES,
  makeConstraint,
  makeDrivers,
  makeInversions,
  makeLandTwin,
  type NormOrder,
  neeNetwork,
  normOfMisses,
  REGIONS,
  regionOperator,
  regionSums,
  runForward,
  towerTable,
  trainEc,
  trainEcAtm,
  UPTON_DRIVERS,
  weighLosses,
} from "carbonbook/nee";
import { beforeAll, expect, test } from "vitest";

type Engine = Awaited<ReturnType<typeof openEngine>>;
let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ threads: 1 });
});

async function evaluate(outputs: Record<string, Node>, inputs: Record<string, number[]>) {
  const program = await engine.compile({ outputs });
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, list]) => [
      name,
      { data: Float32Array.from(list), shape: [list.length] },
    ]),
  );
  const result = await program.run(values);
  await program.release();
  return Object.fromEntries(Object.entries(result).map(([name, { data }]) => [name, data[0]!]));
}

test.each<[NormOrder, number]>([
  [2, 0.2],
  [3, 1 / 3],
])("for inversions 0, 0, 0, 0, 1 the ℓ%i norm is least at %f", async (norm, best) => {
  const y = input("y", [1]);
  const inversions = constant({ data: Float32Array.of(0, 0, 0, 0, -1), shape: [1, 5] });
  const loss = scalar(normOfMisses(add(reshape(y, [1, 1]), inversions), norm));
  const [slope] = gradients(loss, [y]);
  const at = async (value: number) => (await evaluate({ slope: slope! }, { y: [value] })).slope!;
  expect(Math.abs(await at(best))).toBeLessThan(1e-4);
  expect(await at(best - 0.02)).toBeLessThan(0);
  expect(await at(best + 0.02)).toBeGreaterThan(0);
});

test("a weighted loss is least where σ² is the loss, and then a factor on it changes nothing", async () => {
  const eta = input("eta", [1]);
  const loss = input("loss", [1]);
  const total = weighLosses([[reshape(loss, []), eta]]);
  const [byEta, byLoss] = gradients(total, [eta, loss]);
  for (const L of [0.1, 2, 50]) {
    const { value, slope, pull } = await evaluate(
      { value: total, slope: byEta!, pull: byLoss! },
      { eta: [Math.log(L)], loss: [L] },
    );
    expect(Math.abs(slope!)).toBeLessThan(1e-6);
    expect(value).toBeCloseTo(0.5 + 0.5 * Math.log(L), 5);
    expect(pull! * L).toBeCloseTo(0.5, 5); // ∇L/(2L): scaling L leaves the step alone
  }
});

const twin = makeLandTwin({ seed: 7, cellDegrees: 10, years: 6, perMonth: 1, towers: 30 });
const { grid, steps, sites } = twin;
const raw = makeDrivers(UPTON_DRIVERS, twin.truth.components, steps);
const scaler = fitScaler(raw, UPTON_DRIVERS.length);
const drivers = applyScaler(scaler, raw);
const inversions = makeInversions(twin, 7).map(({ regions }) => regions);
const areas = REGIONS.map((_, r) =>
  grid.area.reduce((sum, a, c) => sum + (grid.region[c] === r ? a : 0), 0),
);

function pairData() {
  const features = sites.map((site) =>
    applyScaler(scaler, makeDrivers(UPTON_DRIVERS, site.components, steps)),
  );
  const constraint = makeConstraint({
    steps,
    operator: regionOperator(grid),
    drivers,
    inversions,
    ranges: constraintRange(inversions, REGIONS.length),
    areas,
  });
  return {
    towers: towerTable(sites, features, UPTON_DRIVERS.length),
    sites: sites.length,
    constraint,
  };
}

test("the constraint moves the global sink to the inversions, from the same start", async () => {
  const data = pairData();
  const options = { seed: 1, fold: 0, epochs: 8, repeats: 4, engine };
  const [ec, both] = [await trainEc(data, options), await trainEcAtm(data, options)];
  const again = await trainEcAtm(data, options);
  expect(again.history).toEqual(both.history);
  const sinkOf = async (member: typeof ec) => {
    const field = await runForward(member.model, drivers, steps, { engine });
    return regionSums(grid, field, steps.daysOfMonth).reduce((a, b) => a + b, 0) / steps.years;
  };
  const wanted = inversions.map((series) => series.reduce((a, b) => a + b, 0) / steps.years);
  const goal = wanted.reduce((a, b) => a + b, 0) / wanted.length;
  const [free, held] = [await sinkOf(ec), await sinkOf(both)];
  expect(Math.abs(held - goal)).toBeLessThan(0.5 * Math.abs(free - goal));
  expect(Object.keys(both.variances)).toEqual(Object.values(LOG_VARIANCES));
  expect(heldOutOf(data, options)).toMatchObject({ years: expect.any(Array) });
  expect(heldOutOf(data, options).sites).toHaveLength(3);
});

test("windows of fewer months and of some regions train too", async () => {
  const options = { seed: 1, fold: 1, epochs: 1, repeats: 1, engine };
  const few = await trainEcAtm(pairData(), { ...options, monthsPerStep: 3, regionsPerStep: 6 });
  expect(Number.isFinite(few.history[0]!.validationLoss)).toBe(true);
});

test("one inversion alone has range zero; a floor of its season keeps the loss finite", () => {
  const range = constraintRange([inversions[0]!], REGIONS.length, 0.05);
  expect(Math.min(...range)).toBeGreaterThan(0);
  const flat = new Float64Array(REGIONS.length * 12).fill(1);
  expect(() => constraintRange([flat], REGIONS.length)).toThrow(/season/);
});

test("the network has three layers and ReLU", () => {
  const { layers } = neeNetwork(10);
  expect(layers.filter(({ type }) => type === "dense")).toHaveLength(3);
  expect(layers.filter(({ type }) => type === "relu")).toHaveLength(2);
});
