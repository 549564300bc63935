/**
 * From numbers to colours. One rule decides the kind: values on both sides of a middle (zero, unless
 * told otherwise) get a diverging map that is symmetric about it; all others a sequential one.
 */

import { ArgumentError } from "../core/index.js";
import {
  colourAt,
  type DivergingName,
  isDiverging,
  PALETTES,
  type PaletteName,
} from "./palette.js";

/** A map from numbers to colours, with what its colour bar says. */
export interface ColourScale {
  readonly min: number;
  readonly max: number;
  /** pairs of place (0 to 1) and colour */
  readonly stops: readonly (readonly [number, string])[];
  readonly label: string;
  readonly units: string;
  /** marks of the colour bar, where they are not left to the plotter */
  readonly ticks?: { readonly values: readonly number[]; readonly labels: readonly string[] };
}

/** What a colour scale is made from. */
export interface ScaleOptions {
  readonly label: string;
  readonly units: string;
  readonly palette?: PaletteName;
  readonly min?: number;
  readonly max?: number;
  /** the middle of a diverging map, 0 by default */
  readonly centre?: number;
  /** leave out this share of the values at each end, 0 by default */
  readonly clip?: number;
}

/**
 * Choose a colour scale for values.
 *
 * @throws {ArgumentError} if no value is finite and no range is given
 */
export function colourScale(
  values: Iterable<number>,
  { label, units, palette, min, max, centre = 0, clip = 0 }: ScaleOptions,
): ColourScale {
  const [low, high] = finiteRange(values, clip, min, max);
  const straddles = low < centre && high > centre;
  const diverges = palette === undefined ? straddles : isDiverging(palette);
  if (!diverges) {
    return { min: low, max: high, stops: evenStops(palette ?? "haline"), label, units };
  }
  const reach = Math.max(Math.abs(low - centre), Math.abs(high - centre));
  return {
    min: centre - reach,
    max: centre + reach,
    stops: evenStops((palette ?? "balance") as DivergingName),
    label,
    units,
  };
}

/** One kind of place on a map of categories. */
export interface Category {
  readonly value: number;
  readonly label: string;
  readonly colour?: string;
}

/**
 * Make a colour scale with one flat colour for each category; values must be consecutive integers.
 *
 * @throws {ArgumentError} if they are not
 */
export function categoryScale(label: string, categories: readonly Category[]): ColourScale {
  const first = categories[0]?.value ?? 0;
  if (categories.length === 0 || categories.some((c, i) => c.value !== first + i)) {
    throw new ArgumentError({
      what: "categories",
      wanted: "consecutive integer values",
      got: categories.map((c) => c.value).join(", ") || "none",
    });
  }
  const n = categories.length;
  const stops = categories.flatMap((category, i): [number, string][] => {
    const colour = category.colour ?? CATEGORY_COLOURS[i % CATEGORY_COLOURS.length]!;
    return [
      [i / n, colour],
      [(i + 1) / n, colour],
    ];
  });
  return {
    min: first - 0.5,
    max: first + n - 0.5,
    stops,
    label,
    units: "",
    ticks: { values: categories.map((c) => c.value), labels: categories.map((c) => c.label) },
  };
}

/** Tol's "light" and "muted" qualitative colours in turn, neighbours apart in lightness. */
const CATEGORY_COLOURS = [
  "#332288",
  "#88ccee",
  "#117733",
  "#ddcc77",
  "#882255",
  "#f4a6b0",
  "#44aa99",
  "#c9622f",
  "#bbbbbb",
  "#666633",
];

function evenStops(name: PaletteName): [number, string][] {
  const n = PALETTES[name].length;
  return PALETTES[name].map((_, i) => [i / (n - 1), colourAt(name, i / (n - 1))]);
}

function finiteRange(
  values: Iterable<number>,
  clip: number,
  min: number | undefined,
  max: number | undefined,
): [number, number] {
  if (min !== undefined && max !== undefined) return [min, max];
  const sorted = Float64Array.from([...values].filter(Number.isFinite)).sort();
  if (sorted.length === 0) {
    throw new ArgumentError({ what: "values", wanted: "at least one finite number", got: "none" });
  }
  const cut = Math.floor(clip * (sorted.length - 1));
  const low = min ?? sorted[cut]!;
  const high = max ?? sorted[sorted.length - 1 - cut]!;
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}
