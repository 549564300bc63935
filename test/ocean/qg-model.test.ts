import { makeRandom } from "carbonbook/core";
import { describe, expect, test } from "vitest";
import {
  deformationRadii,
  type LayerColumn,
  layerCentres,
  makeLayerColumn,
} from "../../lib/ocean/qg-column.js";
import { makeSpectrum, type Spectrum } from "../../lib/ocean/qg-fourier.js";
import { potentialVorticity } from "../../lib/ocean/qg-inversion.js";
import { makeQgModel, type QgModel, type QgPhysics } from "../../lib/ocean/qg-model.js";
import { meanProduct, setConvergence, velocityOf } from "../../lib/ocean/qg-spectral.js";
import { checkStep, largestStep, makeQgStep } from "../../lib/ocean/qg-step.js";
import { makeUpward } from "../../lib/ocean/qg-upward.js";
import { makeWaves, smallScaleFactor } from "../../lib/ocean/qg-waves.js";

const DAY = 86400;
const f0 = 1e-4;

const twoLayers: LayerColumn = { thickness: [1000, 1000], gravity: [0.02], f0 };
const still: QgPhysics = { column: twoLayers, beta: 0, meanFlow: [0, 0], bottomDrag: 0 };

/** Start from streamfunctions drawn at random for waves of up to `reach` [m² s⁻¹]. */
function stir(model: QgModel, reach: number, amplitude: number) {
  const random = makeRandom(7);
  const n = model.waves.n;
  const psi = model.physics.column.thickness.map(() => {
    const layer = makeSpectrum(n);
    for (let k = 1; k <= reach; k++) {
      for (let l = 1; l <= reach; l++) {
        layer.re[k * n + l] = amplitude * random.normal();
        layer.im[k * n + l] = amplitude * random.normal();
      }
    }
    return layer;
  });
  const state = model.makeState();
  potentialVorticity(model.physics.column, model.waves, psi, state);
  return state;
}

/** Energy per mass [m² s⁻²]: −½ Σ H⟨ψ q⟩ / Σ H. */
function energy(model: QgModel, state: readonly Spectrum[]): number {
  const { thickness } = model.physics.column;
  const psi = [...thickness, 0].map(() => makeSpectrum(model.waves.n));
  model.streamfunctions(state, psi);
  const sum = thickness.reduce(
    (s, h, i) => s - (h / 2) * meanProduct(model.waves, psi[i]!, state[i]!),
    0,
  );
  return sum / thickness.reduce((s, h) => s + h, 0);
}

describe("a flow without forcing and damping", () => {
  const enstrophy = (model: QgModel, state: readonly Spectrum[]) =>
    meanProduct(model.waves, state[0]!, state[0]!);

  test.each([
    { name: "energy (with β)", beta: 1.5e-11, invariant: energy },
    { name: "enstrophy of a layer", beta: 0, invariant: enstrophy },
  ])("keeps its $name to the third order of the step", ({ beta, invariant }) => {
    const drift = (steps: number) => {
      const model = makeQgModel({ ...still, beta }, 32, 1e6);
      const state = stir(model, 4, 3000);
      const dt = (4 * DAY) / steps;
      const step = makeQgStep(model, dt, "truncated");
      for (let i = 0; i < 3; i++) step(state, 0); // the steps of lower order
      const start = invariant(model, state);
      for (let i = 3; i < steps; i++) step(state, 0);
      return Math.abs(invariant(model, state) / start - 1);
    };
    const [coarse, fine] = [drift(100), drift(200)];
    expect(coarse).toBeLessThan(1e-4);
    expect(Math.log2(coarse / fine)).toBeGreaterThan(2.7);
    expect(Math.log2(coarse / fine)).toBeLessThan(3.3);
  });
});

describe("Rossby waves", () => {
  const [k, l, length] = [2, 1, 1e6];
  const unit = (2 * Math.PI) / length;
  const k2 = unit * unit * (k * k + l * l);
  const coupling = (2 * f0 * f0) / (0.02 * 1000);

  test.each([
    { name: "barotropic", lower: 1, turn: k2 },
    { name: "baroclinic", lower: -1, turn: k2 + coupling },
  ])("a $name wave travels at −β/(K² + λ⁻²)", ({ lower, turn }) => {
    const beta = 2e-11;
    const model = makeQgModel({ ...still, beta }, 16, length);
    const psi = [1, lower].map((amplitude) => {
      const layer = makeSpectrum(16);
      layer.re[k * 16 + l] = amplitude;
      return layer;
    });
    const state = model.makeState();
    potentialVorticity(twoLayers, model.waves, psi, state);
    const step = makeQgStep(model, 3600, "truncated");
    const days = 4;
    for (let i = 0; i < days * 24; i++) step(state, 0);
    const at = k * 16 + l;
    const phase = Math.atan2(state[0]!.im[at]!, state[0]!.re[at]!);
    const start = state[0]!.re[at]! ** 2 + state[0]!.im[at]! ** 2;
    const turned = Math.atan2(-Math.sin(phase), -Math.cos(phase)); // q = −(K² + λ⁻²) ψ
    const expected = (beta * k * unit * days * DAY) / turn;
    expect(start).toBeGreaterThan(0);
    expect(turned / expected).toBeCloseTo(1, 3);
  });
});

/** Growth rate [s⁻¹] of the wave (k = 1, l = 0) once it has left all others behind. */
function growth(physics: QgPhysics, length: number, days: number): number {
  const model = makeQgModel(physics, 8, length);
  const state = model.makeState();
  const random = makeRandom(3);
  for (const layer of state) layer.re[8] = 1e-12 * random.normal();
  const step = makeQgStep(model, 1800, "truncated");
  for (let i = 0; i < 48 * days; i++) step(state, 0);
  const before = meanProduct(model.waves, state[0]!, state[0]!);
  for (let i = 0; i < 48 * 5; i++) step(state, 0);
  return Math.log(meanProduct(model.waves, state[0]!, state[0]!) / before) / (2 * 5 * DAY);
}

describe("baroclinic instability grows at its analytic rate", () => {
  const u = 0.1;
  const coupling = (f0 * f0) / (0.02 * 1000);

  test("Phillips: σ = k U √((2F − K²)/(2F + K²)) for two layers on the f-plane", () => {
    const k = 0.6 * Math.sqrt(2 * coupling);
    const expected = k * u * Math.sqrt((2 * coupling - k * k) / (2 * coupling + k * k));
    const found = growth({ ...still, meanFlow: [u, -u] }, (2 * Math.PI) / k, 60);
    expect(found / expected).toBeCloseTo(1, 3);
  });

  test("Phillips on the β-plane: the root of its quadratic", () => {
    const k = 0.7 * Math.sqrt(2 * coupling);
    const beta = 1e-11;
    const expected = k * phillips(k, u, coupling, beta);
    const found = growth({ ...still, beta, meanFlow: [u, -u] }, (2 * Math.PI) / k, 150);
    expect(expected).toBeGreaterThan(0);
    expect(found / expected).toBeCloseTo(1, 2);
  });

  test("Eady: 0.3098 f Λ/N at K = 1.6061 f/(N H), within 2 % with 24 layers", () => {
    const [nz, height, stability, shear] = [24, 1000, 5e-3, 2e-4];
    const thickness = new Array<number>(nz).fill(height / nz);
    const column = makeLayerColumn(thickness, () => stability, f0);
    const meanFlow = layerCentres(thickness).map((z) => shear * (z + height / 2));
    const k = (1.6061 * f0) / (stability * height);
    const found = growth({ column, beta: 0, meanFlow, bottomDrag: 0 }, (2 * Math.PI) / k, 40);
    expect(found / ((0.3098 * f0 * shear) / stability)).toBeGreaterThan(0.98);
    expect(found / ((0.3098 * f0 * shear) / stability)).toBeLessThan(1.02);
  });
});

/** Imaginary part of c of (Uᵢ − c)(−K²ψᵢ + F(ψⱼ − ψᵢ)) + (β ± 2FU) ψᵢ = 0, U = (u, −u). */
function phillips(k: number, u: number, coupling: number, beta: number): number {
  const [d, gradient] = [-(k * k) - coupling, 2 * coupling * u];
  // det [[(u − c) d + β + g, (u − c) F], [(−u − c) F, (−u − c) d + β − g]] = a c² + b c + e
  const a = d * d - coupling * coupling;
  const b = -2 * d * beta;
  const e =
    -u * u * d * d +
    u * d * (beta - gradient) -
    u * d * (beta + gradient) +
    beta * beta -
    gradient * gradient +
    u * u * coupling * coupling;
  return Math.sqrt(Math.max(0, 4 * a * e - b * b)) / (2 * Math.abs(a));
}

describe("the column", () => {
  test("two layers have the radius √(g' H₁H₂/(H₁ + H₂))/f", () => {
    const [radius] = deformationRadii({ thickness: [500, 3000], gravity: [0.015], f0 });
    expect(radius).toBeCloseTo(Math.sqrt((0.015 * 500 * 3000) / 3500) / f0, 6);
  });

  test("many layers of uniform N have the radii N H/(m π f)", () => {
    const thickness = new Array<number>(100).fill(40);
    const radii = deformationRadii(makeLayerColumn(thickness, () => 2e-3, f0));
    for (const m of [1, 2, 3]) {
      expect(radii[m - 1]! / ((2e-3 * 4000) / (m * Math.PI * f0))).toBeCloseTo(1, 3);
    }
  });

  test("a layer without thickness is refused", () => {
    expect(() => makeLayerColumn([100, 0], () => 1e-3, f0)).toThrow("thickness[1]");
  });
});

test("the surface-trapped part is carried by a uniform flow without change", () => {
  const surface = { stability: 5e-3, damping: 0 };
  const model = makeQgModel({ ...still, meanFlow: [0.2, 0.2], surface }, 16, 1e6);
  const state = model.makeState();
  state[2]!.re[2 * 16 + 3] = 0.1;
  const step = makeQgStep(model, 1800, "truncated");
  for (let i = 0; i < 96; i++) step(state, 0);
  const [re, im] = [state[2]!.re[35]!, state[2]!.im[35]!];
  expect(Math.hypot(re, im)).toBeCloseTo(0.1, 5); // the first, Euler step adds 1e-6
  expect(Math.atan2(im, re)).toBeCloseTo(-((4 * Math.PI) / 1e6) * 0.2 * 2 * DAY, 4);
});

test("w stretches columns: ∂t ζ + J(ψ, ζ) + βv + U ∂x ζ = f₀ (w above − w below)/H", () => {
  const column = { thickness: [300, 700, 2000], gravity: [0.01, 0.006], f0 };
  const meanFlow = [0.1, 0.04, -0.02];
  const beta = 2e-11;
  const model = makeQgModel({ column, beta, meanFlow, bottomDrag: 0 }, 32, 1e6);
  const { waves } = model;
  const state = stir(model, 4, 2000);
  const factor = smallScaleFactor(waves, "truncated");
  const w = [makeSpectrum(32), makeSpectrum(32)];
  makeUpward(model, factor)(state, 0, w);
  const [psi, change] = [0, 1].map(() => [0, 1, 2, 3].map(() => makeSpectrum(32)));
  const rate = model.makeState();
  model.tendency(state, 0, rate);
  model.streamfunctions(state, psi!);
  model.streamfunctions(rate, change!);
  const i = 1; // the layer in the middle
  const carried = vorticityCarried(model, psi![i]!);
  let worst = 0;
  for (let o = 0; o < factor.length; o++) {
    const [k, k2] = [waves.k[o]!, waves.k2[o]!];
    const slope = (beta - meanFlow[i]! * k2) * k; // βv + U ∂x ζ = i k (β − U K²) ψ
    const left = -k2 * change![i]!.re[o]! + carried.re[o]! - slope * psi![i]!.im[o]!;
    const right = (f0 / column.thickness[i]!) * (w[0]!.re[o]! - w[1]!.re[o]!);
    worst = Math.max(worst, factor[o]! * Math.abs(left - right));
  }
  const size = (f0 / column.thickness[i]!) * Math.sqrt(meanProduct(waves, w[0]!, w[0]!));
  expect(worst / size).toBeLessThan(1e-10);
});

/** J(ψ, ∇²ψ) of a streamfunction. */
function vorticityCarried({ waves, fourier }: QgModel, psi: Spectrum): Spectrum {
  const n = waves.n;
  const grid = () => new Float64Array(n * n);
  const [u, v, zeta, other] = [grid(), grid(), grid(), grid()];
  const [east, north, out] = [makeSpectrum(n), makeSpectrum(n), makeSpectrum(n)];
  velocityOf(waves, psi, east, north);
  fourier.toGrid(east, north, u, v);
  const vorticity = {
    re: psi.re.map((value, o) => -waves.k2[o]! * value),
    im: psi.im.map((value, o) => -waves.k2[o]! * value),
  };
  fourier.toGrid(vorticity, makeSpectrum(n), zeta, other);
  fourier.toSpectrum(
    u.map((value, o) => -value * zeta[o]!),
    v.map((value, o) => -value * zeta[o]!),
    east,
    north,
  );
  setConvergence(waves, east, north, out);
  return out;
}

describe("steps", () => {
  test("one that is too long for the speed is refused, naming the longest", () => {
    const waves = makeWaves(64, 1024e3);
    const largest = largestStep(waves, "filtered", 1);
    expect(() => checkStep(7200, largest, 1)).toThrow(
      "time step dt: expected above 0 and at most 5641 s for speeds of 1.00 m/s, got 7200 s",
    );
    expect(() => checkStep(Number.NaN, largest, 1)).toThrow("got NaN s");
  });

  test("a blow-up is caught and said, with its day", () => {
    const model = makeQgModel(still, 16, 1e6);
    const state = stir(model, 4, 1e5);
    const step = makeQgStep(model, 6 * 3600, "kept");
    const run = () => {
      for (let i = 0; i < 400; i++) step(state, i * 6 * 3600);
    };
    expect(run).toThrow(/quasi-geostrophic model on day \d+\.\d: .* step/);
  });
});
