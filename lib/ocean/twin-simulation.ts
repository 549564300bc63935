/** One run of the twin ocean: a random start, and steps with weather and surface forcing. */

import { makeRandom, type Random } from "../core/index.js";
import { layerCentres } from "./qg-column.js";
import { makeFourier, makeSpectrum } from "./qg-fourier.js";
import { potentialVorticity } from "./qg-inversion.js";
import { makeQgModel, type QgModel, type QgState } from "./qg-model.js";
import { addScaled, meanProduct, resize, weigh } from "./qg-spectral.js";
import { checkStep, largestStep, makeQgStep } from "./qg-step.js";
import { makeWaves } from "./qg-waves.js";
import { addBand, makeBand, setBand } from "./twin-noise.js";
import { TWIN_PHYSICS, twinQgPhysics } from "./twin-physics.js";

/** Speed that a step must be able to follow [m s⁻¹]. */
const EXPECTED_SPEED = 1;

/** A run that can be advanced. */
export interface TwinSimulation {
  readonly model: QgModel;
  readonly state: QgState;
  /** seconds after the 1 January at which the output starts */
  time(): number;
  /** Take steps. */
  advance(steps: number): void;
  /** The same ocean at this instant on a grid of n × n points, with its own step. */
  lift(n: number, dt: number): TwinSimulation;
}

/** Everything that moves in time: the model's fields, the weather, and the random numbers. */
interface Moving {
  readonly state: QgState;
  readonly weather: ReturnType<typeof makeSpectrum>;
  readonly random: Random;
  time: number;
}

/** The longest step [s] allowed on n × n points. */
export function twinLargestStep(n: number): number {
  return largestStep(makeWaves(n, TWIN_PHYSICS.length), "filtered", EXPECTED_SPEED);
}

/**
 * Refuse a step that is too long for n × n points.
 *
 * @throws {ArgumentError} naming the longest
 */
export function checkTwinStep(n: number, dt: number): void {
  checkStep(dt, twinLargestStep(n), EXPECTED_SPEED);
}

/**
 * Start a run from a random state of the energy to be expected.
 *
 * @param n    points along each side, a power of two
 * @param dt   time step [s]
 * @param seed equal seeds give equal bytes
 * @param time of the start, seconds after the 1 January at which the output starts
 * @throws {ArgumentError} if dt is longer than the flow allows, naming the longest
 */
export function startTwin(n: number, dt: number, seed: number, time: number): TwinSimulation {
  checkTwinStep(n, dt);
  const model = makeModel(n);
  const random = makeRandom(seed);
  const state = model.makeState();
  setStart(model, state, random);
  const weather = makeSpectrum(n);
  return makeSimulation(model, { state, weather, random, time }, dt);
}

function makeModel(n: number): QgModel {
  const waves = makeWaves(n, TWIN_PHYSICS.length);
  return makeQgModel(twinQgPhysics(waves, makeFourier(n)), n, TWIN_PHYSICS.length);
}

function makeSimulation(model: QgModel, moving: Moving, dt: number): TwinSimulation {
  const { state, weather, random } = moving;
  const step = makeQgStep(model, dt, "filtered");
  const blow = makeWeather(model, dt);
  const stir = makeSurfaceForcing(model, dt);
  return {
    model,
    state,
    time: () => moving.time,
    advance(steps) {
      for (let i = 0; i < steps; i++) {
        step(state, moving.time);
        stir(state, random);
        blow(state, weather, random);
        moving.time += dt;
      }
    },
    lift(n, liftedStep) {
      checkTwinStep(n, liftedStep);
      const lifted = makeModel(n);
      const to = { ...moving, state: lifted.makeState(), weather: makeSpectrum(n) };
      for (const [j, field] of state.entries()) resize(field, model.waves.n, to.state[j]!, n);
      resize(weather, model.waves.n, to.weather, n);
      return makeSimulation(lifted, to, liftedStep);
    },
  };
}

function setStart(model: QgModel, state: QgState, random: Random): void {
  const { rms, wavelength, width, depth } = TWIN_PHYSICS.start;
  const { column } = model.physics;
  const [centre, spread] = [(2 * Math.PI) / wavelength, (2 * Math.PI) / width];
  const band = makeBand(model.waves, (k) => Math.exp(-(((k - centre) / spread) ** 2)));
  const surface = makeSpectrum(model.waves.n);
  setBand(band, 1, random, surface);
  const speed = Math.sqrt(meanProduct(model.waves, surface, surface, model.waves.k2) / 2);
  const psi = layerCentres(column.thickness).map((z) => {
    const layer = makeSpectrum(model.waves.n);
    addScaled(layer, (rms / speed) * Math.exp(z / depth), surface);
    return layer;
  });
  potentialVorticity(column, model.waves, psi, state);
}

/** Air–sea heat flux with a memory (Ornstein–Uhlenbeck), added to the tracer. */
function makeWeather(model: QgModel, dt: number) {
  const { rms, length, time } = TWIN_PHYSICS.weather;
  const memory = 1 / TWIN_PHYSICS.warmth.restoring;
  const band = makeBand(model.waves, (k) => Math.exp(-((k * length) ** 2) / 16));
  const flux = rms * Math.sqrt((memory + time) / (memory * memory * time)); // [K s⁻¹]
  const kept = Math.exp(-dt / time);
  const keep = new Float64Array(model.waves.k2.length).fill(kept);
  return (state: QgState, weather: ReturnType<typeof makeSpectrum>, random: Random) => {
    weigh(weather, keep);
    addBand(band, flux * Math.sqrt(1 - kept * kept), random, weather);
    addScaled(state[state.length - 1]!, dt, weather);
  };
}

/** White noise in time that puts kinetic energy into the surface-trapped part. */
function makeSurfaceForcing(model: QgModel, dt: number) {
  const { injection, wavelengths } = TWIN_PHYSICS.surface;
  const [shortest, longest] = wavelengths.map((wavelength) => (2 * Math.PI) / wavelength);
  const band = makeBand(model.waves, (k) => (k <= shortest! && k >= longest! ? 1 : 0));
  const rms = Math.sqrt(2 * injection * dt); // ½⟨θ²⟩ grows by injection · dt
  return (state: QgState, random: Random) => addBand(band, rms, random, state[state.length - 2]!);
}
