/** The samples of the two-term loss: a window of months for every region, with a slice of towers. */

import { ArgumentError, makeRandom, shapeError, shuffle } from "../core/index.js";
import type { Source } from "../learn/index.js";
import { condense, type Operator } from "./operator.js";
import { rangeOf, seasonalCycleOf } from "./score.js";
import type { Steps } from "./steps.js";
import type { TowerTable } from "./tower.js";

/** Everything that the constraint term needs, in memory. */
export interface Constraint {
  readonly steps: Steps;
  /** on the contributing pixels alone */
  readonly operator: Operator;
  /** contributing cells of the grid */
  readonly cells: Int32Array;
  /** scaled features of the contributing pixels, shape (steps, pixels, features) */
  readonly x: Float32Array;
  readonly features: number;
  /** shape (months, rows, inversions) [y] */
  readonly targets: Float64Array;
  readonly inversions: number;
  /** what misses are divided by, shape (months, rows) [y] */
  readonly range: Float64Array;
  /** weight of each row, summing to 1 */
  readonly area: Float64Array;
}

/**
 * Put a constraint together.
 *
 * @param parts.drivers    scaled, shape (steps, cells, features)
 * @param parts.inversions series of the operator's rows, each of shape (months, rows)
 * @param parts.ranges     shape (months, rows), of `constraintRange`
 * @param parts.areas      of each row
 */
export function makeConstraint(parts: {
  readonly steps: Steps;
  readonly operator: Operator;
  readonly drivers: Float32Array;
  readonly inversions: readonly Float64Array[];
  readonly ranges: Float64Array;
  readonly areas: ArrayLike<number>;
}): Constraint {
  const { steps, drivers, inversions, ranges, areas } = parts;
  const all = parts.operator.cells;
  const { cells, operator } = condense(parts.operator);
  const features = drivers.length / (steps.count * all);
  if (!Number.isInteger(features))
    throw shapeError("drivers", [steps.count, all], [drivers.length]);
  const rows = operator.offset.length;
  const x = new Float32Array(steps.count * cells.length * features);
  for (let s = 0; s < steps.count; s++) {
    for (const [i, cell] of cells.entries()) {
      const from = (s * all + cell) * features;
      x.set(drivers.subarray(from, from + features), (s * cells.length + i) * features);
    }
  }
  const count = inversions.length;
  const targets = new Float64Array(steps.months * rows * count);
  for (const [a, series] of inversions.entries()) {
    if (series.length !== steps.months * rows) {
      throw shapeError(`inversion ${a + 1}`, [steps.months, rows], [series.length]);
    }
    for (let p = 0; p < series.length; p++) targets[p * count + a] = series[p]!;
  }
  const list = Array.from(areas);
  const total = list.reduce((sum, a) => sum + a, 0);
  return {
    steps,
    operator,
    cells,
    x,
    features,
    targets,
    inversions: count,
    range: ranges,
    area: Float64Array.from(list, (a) => a / total),
  };
}

/**
 * Range of the inversions each month (equation 9), but not below a share of the range of the mean
 * season: with one inversion the range is zero and the loss would be infinite.
 *
 * @param inversions each of shape (months, rows); give the full ensemble also where few are used
 * @param floor      0.05 by default: a twentieth of the season
 */
export function constraintRange(
  inversions: readonly Float64Array[],
  rows: number,
  floor = 0.05,
): Float64Array {
  const months = inversions[0]!.length / rows;
  const range = new Float64Array(months * rows);
  for (let r = 0; r < rows; r++) {
    const mean = Float64Array.from({ length: months }, (_, m) =>
      inversions.reduce((sum, series) => sum + series[m * rows + r]! / inversions.length, 0),
    );
    const least = floor * rangeOf(seasonalCycleOf(mean));
    if (!(least > 0)) {
      const wanted = "a season, to floor the range by";
      throw new ArgumentError({ what: `row ${r}`, wanted, got: "a constant series" });
    }
    for (let m = 0; m < months; m++) {
      range[m * rows + r] = Math.max(least, rangeOf(inversions.map((s) => s[m * rows + r]!)));
    }
  }
  return range;
}

/** Tower rows dealt into equal slices, features and fluxes. */
export interface TowerSlices {
  readonly count: number;
  readonly rows: number;
  readonly features: number;
  /** shape (slices, rows, features) and (slices, rows) */
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/**
 * Deal rows into slices of one length; what is left over is dealt again from the start.
 *
 * @throws {ArgumentError} if there are no rows
 */
export function towerSlices(table: TowerTable, rows: Int32Array, count: number): TowerSlices {
  if (rows.length === 0) {
    throw new ArgumentError({ what: "tower rows", wanted: "at least one", got: "none" });
  }
  const { features } = table;
  const length = Math.ceil(rows.length / count);
  const x = new Float32Array(count * length * features);
  const y = new Float32Array(count * length);
  for (let i = 0; i < count * length; i++) {
    const row = rows[i % rows.length]!;
    x.set(table.x.subarray(row * features, (row + 1) * features), i * features);
    y[i] = table.y[row]!;
  }
  return { count, rows: length, features, x, y };
}

/**
 * Samples of windows: sample i is window i modulo the number of windows with tower slice i.
 *
 * @param years numbers of the years from the first
 */
export function windowSource(
  constraint: Constraint,
  years: readonly number[],
  towers: TowerSlices,
  how: {
    readonly monthsPerStep: number;
    readonly seed: number;
    readonly regionsPerStep?: number;
  },
): { source: Source; monthOfSlot: Int32Array } {
  const { steps, operator, features, inversions } = constraint;
  const { monthsPerStep } = how;
  const slots = slotsOf(steps, monthsPerStep);
  const pixels = operator.cells;
  const rows = monthsPerStep * operator.offset.length;
  const perYear = 12 / monthsPerStep;
  const windows = years.flatMap((year) =>
    Array.from({ length: perYear }, (_, w) => year * 12 + w * monthsPerStep),
  );
  const size = slots.length * pixels;
  const fields = {
    x: [size, features],
    days: [size],
    atm: [rows, inversions],
    range: [rows],
    area: [rows],
    towerX: [towers.rows, features],
    towerY: [towers.rows],
  };
  const read = (samples: Int32Array) => {
    const [sample = 0] = samples;
    const month = windows[sample % windows.length]!;
    const arrays = {
      ...pixelFields(constraint, month, slots),
      ...targetFields(constraint, month, { months: monthsPerStep, ...how, sample }),
      towerX: slice(towers.x, sample, towers.rows * features),
      towerY: slice(towers.y, sample, towers.rows),
    };
    return Object.fromEntries(
      Object.entries(arrays).map(([name, data]) => [
        name,
        { data, shape: [1, ...fields[name as keyof typeof fields]] },
      ]),
    );
  };
  const monthOfSlot = slots.map(({ month }) => month);
  return {
    source: { count: towers.count, fields, read },
    monthOfSlot: Int32Array.from(monthOfSlot),
  };
}

/** Slots of a window: places for steps, the same for every window of a length. */
interface Slot {
  readonly month: number;
  /** place within its month, from 0 */
  readonly place: number;
}

function slotsOf(steps: Steps, months: number): Slot[] {
  const perMonth = Array.from({ length: 12 }, (_, m) => {
    const counts = new Int32Array(steps.months);
    for (const month of steps.monthOf) counts[month] = counts[month]! + 1;
    return Math.max(...counts.filter((__, i) => i % 12 === m));
  });
  const even = perMonth.every((count) => count === perMonth[0]);
  if (months < 12 && !even) {
    const wanted = "12 where months have different numbers of steps";
    throw new ArgumentError({ what: "monthsPerStep", wanted, got: String(months) });
  }
  return Array.from({ length: months }, (_, month) =>
    Array.from({ length: perMonth[month]! }, (__, place) => ({ month, place })),
  ).flat();
}

function pixelFields({ steps, x, operator, features }: Constraint, from: number, slots: Slot[]) {
  const width = operator.cells * features;
  const firstStep = new Map<number, number>();
  for (const [s, month] of steps.monthOf.entries())
    if (!firstStep.has(month)) firstStep.set(month, s);
  const data = new Float32Array(slots.length * width);
  const days = new Float32Array(slots.length * operator.cells);
  for (const [i, { month, place }] of slots.entries()) {
    const s = firstStep.get(from + month)! + place;
    if (steps.monthOf[s] !== from + month) continue; // no 29 February this year: weight 0
    data.set(x.subarray(s * width, (s + 1) * width), i * width);
    days.fill(steps.days[s]!, i * operator.cells, (i + 1) * operator.cells);
  }
  return { x: data, days };
}

function targetFields(
  { operator, targets, range, area, inversions }: Constraint,
  from: number,
  how: {
    readonly months: number;
    readonly sample: number;
    readonly seed: number;
    readonly regionsPerStep?: number;
  },
) {
  const { months, sample, seed, regionsPerStep = area.length } = how;
  const count = operator.offset.length;
  const [start, stop] = [from * count, (from + months) * count];
  const order = shuffle(Array.from(area.keys()), makeRandom(seed, 700 + sample)).slice(
    0,
    regionsPerStep,
  );
  const kept = new Set(order);
  const total = order.reduce((sum, r) => sum + area[r]!, 0);
  const weight = (r: number) => (kept.has(r) ? area[r]! / (total * months) : 0);
  return {
    atm: Float32Array.from(targets.subarray(start * inversions, stop * inversions)),
    range: Float32Array.from(range.subarray(start, stop)),
    area: Float32Array.from({ length: months * count }, (_, i) => weight(i % count)),
  };
}

function slice(data: Float32Array, sample: number, size: number): Float32Array {
  return data.subarray(sample * size, (sample + 1) * size);
}
