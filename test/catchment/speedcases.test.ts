import {
  blockWidth,
  deepProfileFigure,
  journeyScene,
  type LayerMaps,
  layersFigure,
  predictionFigure,
  quietestDepth,
  speedExamples,
  strongestCases,
} from "carbonbook/catchment";
import { backtrack, releasePatch } from "carbonbook/lagrangian";
import { closedFormOcean, uniformFlow } from "carbonbook/ocean";
import { expect, test } from "vitest";

const grid = { n: 8, dx: 16e3 };
const labels = { study: "picard2025", title: "t", caption: "c", dataLabel: "closed form", grid };

/** A PDF in one bin, with a thousandth of it in each of four more. */
function almostOneBin(): Float32Array {
  const pdf = new Float32Array(64);
  pdf.set([0.996, 0.001, 0.001, 0.001, 0.001], 27);
  return pdf;
}

interface Trace {
  readonly type: string;
  readonly xaxis: string;
  readonly z: readonly (readonly (number | null)[])[];
  readonly line: { readonly color: string; readonly dash: string };
  readonly legendgroup?: string;
}
const tracesOf = (figure: { readonly data: readonly unknown[] }, type: string) =>
  (figure.data as Trace[]).filter((trace) => trace.type === type);

test("bins beyond 99.5 % of a PDF's mass are blank, however little they hold", () => {
  const maps = { data: almostOneBin(), bins: 64 };
  const drawn = speedExamples([{ title: "one", sample: 0 }], [{ name: "True", maps }], {
    ...labels,
    id: "inputs",
  });
  const [map] = tracesOf(drawn, "heatmap");
  expect(map!.z.flat().filter((p) => p !== null)).toHaveLength(1);
});

test("contours have a white rim, solid for the least share and dashed for others", () => {
  const pdf = new Float32Array(64).fill(1 / 64);
  const shown = { title: "a", truth: pdf, predicted: pdf, vorticity: new Float32Array(64) };
  const lines = tracesOf(predictionFigure([shown], { ...labels, id: "fig2" }), "contour");
  const named = lines.filter(({ legendgroup }) => legendgroup !== undefined);
  expect(named.map(({ legendgroup, line }) => `${legendgroup} ${line.dash}`)).toEqual([
    "true, 25 % solid",
    "true, 75 % dash",
    "predicted, 25 % solid",
    "predicted, 75 % dash",
  ]);
  expect(lines.filter(({ line }) => line.color === "#ffffff")).toHaveLength(4);
});

test("a layer has one colour scale in both cases, whatever each holds", () => {
  const layer = (value: number): LayerMaps => {
    const map = () => Float32Array.from({ length: 64 }, (_, k) => (value * k) / 63);
    return { energy: map(), vorticity: map(), u: map(), v: map() };
  };
  const pdf = new Float32Array(64).fill(1 / 64);
  const cases = [1, 3].map((value) => ({
    ...{ title: `${value}`, truth: pdf, predicted: pdf, middle: pdf },
    ...{ upper: layer(10 * value), deep: layer(value) },
  }));
  const { layout } = layersFigure(cases, { ...labels, id: "fig5" });
  const most = Object.entries(layout)
    .filter(([key]) => key.startsWith("coloraxis"))
    .map(([, axis]) => (axis as { cmax: number }).cmax);
  expect(most).toHaveLength(4); // vorticity and energy of two layers, not of two cases
  for (const [k, largest] of [3, 3, 30, 30].entries()) {
    expect(most[k]! / largest).toBeGreaterThan(0.95);
    expect(most[k]).toBeLessThanOrEqual(largest);
  }
});

test("the strongest eddy is of either sign and of another date than the strongest flow", () => {
  const around = {
    deepEnergy: Float64Array.of(1, 9, 2, 3),
    deepVorticity: Float64Array.of(0.5, 0, 0.1, -0.2),
  };
  const cases = strongestCases(around, [0, 0, 1, 1]);
  expect(cases.map(({ sample }) => sample)).toEqual([1, 3]);
});

test("whole blocks fill a field, so that they are no narrower than asked for", () => {
  expect(blockWidth(64, 16e3, 80e3)).toBeCloseTo(1024e3 / 12, 6);
  expect(blockWidth(65, 16e3, 80e3)).toBe(80e3);
  expect(blockWidth(64, 16e3, 8e3)).toBe(16e3);
});

test("paths end at the last level with the days that particles took to it", async () => {
  const day = 86400;
  const heights = Float64Array.from({ length: 9 }, (_, k) => -3200 + 400 * k);
  const times = Float64Array.from({ length: 41 }, (_, k) => k * day);
  const box = { nx: 41, ny: 41, dx: 10e3, heights, times, f: 1e-4 };
  const ocean = closedFormOcean(uniformFlow(0.02, 0), box);
  const trap = { east: 200e3, north: 200e3, depth: 3000 };
  const release = releasePatch(ocean, trap, { side: 4e3, across: 2, times: [40 * day] });
  const tracks = await backtrack(ocean, release, {
    ...{ sinkingSpeed: 100 / day, duration: 40 * day, timeStep: 7200 },
    ...{ levels: [200], saveEvery: day },
  });
  const spin = Float32Array.from({ length: 2 * 41 * 41 }, (_, k) => Math.sin(k));
  const fields = { temperature: spin, vorticity: spin, u: spin, v: spin, ssh: spin };
  const snapshot = { depths: [200, 3000], nx: 41, ny: 41, ...fields };
  const { grid: _, ...named } = labels;
  const scene = journeyScene(tracks, { ...named, id: "fig1", trap, snapshot, reach: 100e3 });
  const [path] = (scene.data as { mode?: string; line: { color: (number | null)[] } }[]).filter(
    ({ mode }) => mode === "lines",
  );
  expect(Math.max(...path!.line.color.map((age) => age ?? 0))).toBeCloseTo(28, 3);
  expect(scene.data.filter(({ type }) => type === "surface")).toHaveLength(2);
});

test("published energies of a range of depths span it", () => {
  const mean = [3, 1, 2];
  const same = { mean, deviation: mean };
  const profile = {
    depths: [0, 2000, 3000],
    ...{ eddyEnergy: same, meanEnergy: same, correlation: same, upward: same },
  };
  expect(quietestDepth(profile)).toBe(2000);
  const { grid: _, ...named } = labels;
  const vorticity = Float64Array.from(mean);
  const drawn = deepProfileFigure([{ name: "run", profile, vorticity }], {
    ...{ ...named, id: "figB1" },
    paper: [{ depths: [200, 400], energy: 240 }],
  });
  const published = (drawn.data as { name?: string; y: unknown[] }[]).find(({ name }) =>
    name?.startsWith("POLGYR"),
  );
  expect(published!.y).toEqual([200, 400, null]);
});
