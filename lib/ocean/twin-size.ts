/** How large a twin is, how it is stepped, and what it will cost. */

import { ArgumentError } from "../core/index.js";
import { TWIN_LEVELS } from "./twin-levels.js";
import { checkTwinStep, twinLargestStep } from "./twin-simulation.js";

/** Size of a run. */
export interface TwinSize {
  /** cells along each side of the 1024 km square, a power of two */
  readonly n: number;
  /** cells along each side while it spins up; the state is then lifted spectrally */
  readonly spinUpN: number;
  /** days before the output starts; the last 20 of them on the finer grid where there are two */
  readonly spinUpDays: number;
  /** days of output, from 1 January 2001 on */
  readonly days: number;
  /** hours between two records */
  readonly outputHours: number;
  /** time step on the finer grid [s]; the longest allowed that fits the output by default */
  readonly dt?: number;
}

/** Sizes by name. */
export const TWIN_SIZES = {
  quick: { n: 64, spinUpN: 64, spinUpDays: 450, days: 600, outputHours: 12 },
  workshop: { n: 128, spinUpN: 64, spinUpDays: 450, days: 1100, outputHours: 24 },
} as const satisfies Record<string, TwinSize>;

/** Days that the finer grid spins up after a lift, to fill its small scales. */
export const FINE_DAYS = 20;

/** What a run will cost. */
export interface TwinCost {
  /** size of the file of one run [bytes] */
  readonly bytes: number;
  /** memory that one run needs while it is made [bytes] */
  readonly memory: number;
  /** processor time of one run [s], at the speed measured in docs/benchmarks/ocean-twin.md */
  readonly seconds: number;
  /** time steps of one run */
  readonly steps: number;
  /** records in the file */
  readonly records: number;
}

/** Measured on one core: of a step and of a record, per cell of the horizontal grid [s]. */
const SECONDS = { step: 4.2e-7, record: 2.4e-6 };

/**
 * Check a size and fill in what follows from it.
 *
 * @param halvings how often the steps are halved, for a run whose flow outran them
 * @throws {ArgumentError} if a number is out of its range; if dt is longer than the flow allows,
 *   naming the longest, or does not divide the time between two records
 */
export function twinSteps(
  size: TwinSize,
  halvings = 0,
): { dt: number; spinUpDt: number; perRecord: number } {
  for (const what of ["n", "spinUpN"] as const) {
    const n = size[what];
    if (n < 64 || (n & (n - 1)) !== 0) refuse(what, "a power of two, at least 64", n);
  }
  if (size.spinUpN > size.n) refuse("spinUpN", `at most n = ${size.n}`, size.spinUpN);
  const shortest = size.n === size.spinUpN ? 0 : FINE_DAYS;
  if (!(size.spinUpDays >= shortest)) refuse("spinUpDays", `${shortest} or more`, size.spinUpDays);
  if (!(size.days > 0)) refuse("days", "above 0", size.days);
  if (!(size.outputHours > 0)) refuse("outputHours", "above 0", size.outputHours);
  const interval = size.outputHours * 3600;
  const fitting = (n: number) => interval / Math.ceil(interval / twinLargestStep(n));
  const dt = size.dt ?? fitting(size.n);
  checkTwinStep(size.n, dt);
  const perRecord = interval / dt;
  if (!Number.isInteger(perRecord)) refuse("dt", `a divisor of ${interval} s`, dt);
  const spinUpDt = size.spinUpN === size.n ? dt : fitting(size.spinUpN);
  const parts = 2 ** halvings;
  return { dt: dt / parts, spinUpDt: spinUpDt / parts, perRecord: perRecord * parts };
}

/** Say beforehand what one run of a size costs. */
export function twinCost(size: TwinSize): TwinCost {
  const { dt, spinUpDt } = twinSteps(size);
  const records = twinRecords(size);
  const fineDays = size.n === size.spinUpN ? size.spinUpDays : FINE_DAYS;
  const fine = ((size.days + fineDays) * 86400) / dt;
  const coarse = ((size.spinUpDays - fineDays) * 86400) / spinUpDt;
  const cells = size.n * size.n;
  const seconds =
    SECONDS.step * (fine * cells + coarse * size.spinUpN ** 2) + SECONDS.record * cells * records;
  const record = 4 * (size.n + 2) ** 2 * (3 * TWIN_LEVELS + 1);
  return {
    bytes: record * records,
    memory: 120e6 + 8 * cells * 200,
    seconds,
    steps: Math.round(fine + coarse),
    records,
  };
}

/** Number of records of a size, the first at the start of the output. */
export function twinRecords(size: TwinSize): number {
  return Math.floor((size.days * 24) / size.outputHours) + 1;
}

function refuse(what: string, wanted: string, got: number): never {
  throw new ArgumentError({ what: `twin size ${what}`, wanted, got: `${got}` });
}
