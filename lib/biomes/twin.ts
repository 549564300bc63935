/**
 * A twin of the surface ocean: temperature, DIC and alkalinity of five regimes whose fCO2 comes from
 * carbonate chemistry, with gradual borders that move with the seasons, the years and an imposed
 * trend. What every number rests on is in docs/twins/biomes.md.
 */

import { makeRandom, type Random } from "../core/index.js";
import { fugacityField, solveCarbonate } from "../ocean/index.js";
import type { OceanMonth } from "./month.js";
import type { TiledCells } from "./tile.js";
import { makeBorders, type Season, seasonAt, sharesAt } from "./twin-border.js";

/** The water of a regime in its annual mean, and how it goes through the year. */
export interface Regime {
  readonly name: string;
  /** [°C] */
  readonly temperature: number;
  readonly salinity: number;
  /** [µmol kg⁻¹] */
  readonly alkalinity: number;
  /** [µatm] */
  readonly fco2: number;
  /** half the seasonal range of temperature [K] */
  readonly warming: number;
  /** half the seasonal range of DIC, highest at the end of winter [µmol kg⁻¹] */
  readonly mixing: number;
  /** mixed-layer depth, geometric mean of the year [m] */
  readonly mixedLayer: number;
  /** how many times deeper than that it is at the end of winter */
  readonly deepening: number;
}

/** The regimes, by number. The subtropics are two: their relations change with the season. */
export const REGIMES: readonly Regime[] = [
  {
    name: "subtropical, warm season",
    temperature: 27,
    salinity: 36,
    alkalinity: 2356,
    fco2: 380,
    warming: 0,
    mixing: 0,
    mixedLayer: 30,
    deepening: 1.3,
  },
  {
    name: "subtropical, cool season",
    temperature: 21,
    salinity: 36,
    alkalinity: 2356,
    fco2: 322,
    warming: 0,
    mixing: 0,
    mixedLayer: 80,
    deepening: 1.5,
  },
  {
    name: "upwelling",
    temperature: 23,
    salinity: 34.9,
    alkalinity: 2306,
    fco2: 450,
    warming: 0,
    mixing: 0,
    mixedLayer: 35,
    deepening: 1,
  },
  {
    name: "subpolar",
    temperature: 8,
    salinity: 34.2,
    alkalinity: 2272,
    fco2: 340,
    warming: 3,
    mixing: 35,
    mixedLayer: 80,
    deepening: 3,
  },
  {
    name: "ice",
    temperature: -1,
    salinity: 33.8,
    alkalinity: 2295,
    fco2: 380,
    warming: 0,
    mixing: 0,
    mixedLayer: 45,
    deepening: 1.8,
  },
];

/** Number of the warm subtropical regime. */
export const WARM_SUBTROPICAL = 0;
/** Number of the cool subtropical regime. */
export const COOL_SUBTROPICAL = 1;
/** Number of the upwelling regime. */
export const UPWELLING = 2;
/** Number of the subpolar regime. */
export const SUBPOLAR = 3;
/** Number of the ice regime. */
export const ICE = 4;

/** What a twin is made from. */
export interface TwinOptions {
  readonly seed: number;
  /** distance of the cells, 0.25° by default */
  readonly cellDegrees?: number;
  /** noise on fCO2 [µatm], standard deviation, 4 by default */
  readonly noise?: number;
  /** imposed change of the coverage over `years`, share of the zone; 0.1 by default */
  readonly trend?: number;
  /** length of the series [years], 61 by default */
  readonly years?: number;
  /** parts of the globe to make; all of it by default */
  readonly boxes?: readonly Box[];
}

/** A box in degrees. */
export interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** One month of the twin. */
export interface TwinMonth extends OceanMonth {
  readonly salinity: Float64Array;
  /** mixed-layer depth [m]; carries no relation to fCO2 */
  readonly mixedLayer: Float64Array;
  /** share of each regime in each cell, shape (regimes, n) row-major; what a tile is follows from it */
  readonly weights: Float64Array;
}

/** A twin: cells of the sea, and its months on demand. */
export interface BiomeTwin {
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  /** @param month 0 is January */
  readonly month: (year: number, month: number) => TwinMonth;
  /** The shares of the regimes alone, which cost little. */
  readonly weights: (year: number, month: number) => Pick<TwinMonth, "weights">;
}

/** Land as boxes: the Americas, Africa, Eurasia, Australia, Antarctica. */
const LAND: readonly Box[] = [
  { west: -125, east: -78, south: 10, north: 72 },
  { west: -80, east: -45, south: -55, north: 8 },
  { west: 2, east: 45, south: -34, north: 38 },
  { west: 2, east: 150, south: 38, north: 75 },
  { west: 115, east: 150, south: -38, north: -15 },
  { west: -180, east: 180, south: -90, north: -72 },
];

/** Standard deviations of mesoscale anomalies: [K], [µmol kg⁻¹], [µmol kg⁻¹]; salinity goes with alkalinity. */
const ANOMALY = { temperature: 0.8, dic: 10, alkalinity: 8, alkalinityPerSalinity: 65 };

/** Make a twin. */
export function makeBiomeTwin(options: TwinOptions): BiomeTwin {
  const { seed, cellDegrees = 0.25, noise = 4, trend = 0.1, years = 61 } = options;
  const boxes = options.boxes ?? [{ west: -180, east: 180, south: -90, north: 90 }];
  const { latitude, longitude } = makeCells(cellDegrees, boxes);
  const borders = makeBorders(seed, trend, years);
  const states = REGIMES.map((regime) => {
    const water = { temperature: regime.temperature, salinity: regime.salinity };
    const { dic } = solveCarbonate(water, { alkalinity: regime.alkalinity, fco2: regime.fco2 });
    const [depth, deepening] = [Math.log(regime.mixedLayer), Math.log(regime.deepening)];
    return { ...regime, dic, logDepth: depth, logDeepening: deepening };
  });
  const n = latitude.length;
  function sharesOf(year: number, monthOfYear: number) {
    const place = borders(year, monthOfYear);
    return (i: number) => {
      const season = seasonAt(latitude[i]!, monthOfYear);
      return { season, shares: sharesAt(latitude[i]!, longitude[i]!, { borders: place, season }) };
    };
  }
  function month(year: number, monthOfYear: number): TwinMonth {
    const random = makeRandom(seed, 1000 + 12 * year + monthOfYear);
    const at = sharesOf(year, monthOfYear);
    const cells = makeWater(n, states.length);
    const mixing = { states, random };
    for (let i = 0; i < n; i++) fillCell(cells, i, at(i), mixing);
    const { fco2 } = fugacityField(cells);
    for (let i = 0; i < n; i++) fco2[i] = fco2[i]! + noise * random.normal();
    return { ...cells, fco2 };
  }
  function weightsOf(year: number, monthOfYear: number): Pick<TwinMonth, "weights"> {
    const at = sharesOf(year, monthOfYear);
    const weights = new Float64Array(n * states.length);
    for (let i = 0; i < n; i++) {
      for (const [r, share] of at(i).shares.entries()) weights[r * n + i] = share;
    }
    return { weights };
  }
  return { latitude, longitude, month, weights: weightsOf };
}

type Water = Omit<TwinMonth, "fco2">;

/** What the cells of a regime are mixed from. */
interface State extends Regime {
  readonly dic: number;
  readonly logDepth: number;
  readonly logDeepening: number;
}

function makeWater(n: number, regimes: number): Water {
  return {
    temperature: new Float64Array(n),
    salinity: new Float64Array(n),
    dic: new Float64Array(n),
    alkalinity: new Float64Array(n),
    mixedLayer: new Float64Array(n),
    weights: new Float64Array(n * regimes),
  };
}

interface Place {
  readonly shares: readonly number[];
  readonly season: Season;
}

interface Mixing {
  readonly states: readonly State[];
  readonly random: Random;
}

/** Mix the water of a cell. It is called for every cell of every month: no object is made in it. */
function fillCell(water: Water, i: number, { shares, season }: Place, mixing: Mixing): void {
  const { states, random } = mixing;
  const n = water.temperature.length;
  let t = 0;
  let s = 0;
  let dic = 0;
  let alkalinity = 0;
  let logDepth = 0;
  for (let r = 0; r < states.length; r++) {
    const regime = states[r]!;
    const share = shares[r]!;
    water.weights[r * n + i] = share;
    t += share * (regime.temperature + season.warm * regime.warming);
    s += share * regime.salinity;
    dic += share * (regime.dic + season.mixed * regime.mixing);
    alkalinity += share * regime.alkalinity;
    logDepth += share * (regime.logDepth + season.mixed * regime.logDeepening);
  }
  const anomaly = ANOMALY.alkalinity * random.normal();
  water.temperature[i] = Math.max(-1.9, t + ANOMALY.temperature * random.normal());
  water.dic[i] = dic + ANOMALY.dic * random.normal();
  water.alkalinity[i] = alkalinity + anomaly;
  water.salinity[i] = s + anomaly / ANOMALY.alkalinityPerSalinity;
  water.mixedLayer[i] = Math.exp(logDepth);
}

function makeCells(cellDegrees: number, boxes: readonly Box[]) {
  const latitude: number[] = [];
  const longitude: number[] = [];
  const rows = Math.round(180 / cellDegrees);
  for (let j = 0; j < rows; j++) {
    const y = -90 + (j + 0.5) * cellDegrees;
    for (let i = 0; i < 2 * rows; i++) {
      const x = -180 + (i + 0.5) * cellDegrees;
      const isIn = ({ west, east, south, north }: Box) =>
        x >= west && x < east && y >= south && y < north;
      if (!boxes.some(isIn) || LAND.some(isIn)) continue;
      latitude.push(y);
      longitude.push(x);
    }
  }
  return { latitude: Float64Array.from(latitude), longitude: Float64Array.from(longitude) };
}

/** The true regime of every tile: the one with the largest mean share; −1 where there is no sea. */
export function trueRegimes(
  tiles: TiledCells,
  { weights }: Pick<TwinMonth, "weights">,
): Int32Array {
  const n = weights.length / REGIMES.length;
  return Int32Array.from({ length: tiles.starts.length - 1 }, (_, tile) => {
    const cells = tiles.cells.subarray(tiles.starts[tile]!, tiles.starts[tile + 1]!);
    if (cells.length === 0) return -1;
    const sums = REGIMES.map((__, r) =>
      cells.reduce((sum, cell) => sum + weights[r * n + cell]!, 0),
    );
    return sums.indexOf(Math.max(...sums));
  });
}
