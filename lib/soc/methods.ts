/** The comparison of methods, from parameters to scores, storage and biases. */

import { makeRandom } from "../core/index.js";
import type { DefaultValues } from "./clm5.js";
import { PARAMETERS_2020 } from "./parameters.js";
import type { Posterior } from "./sampling.js";
import type { SoilTwin, TwinProfile } from "./twin.js";
import {
  type Agreement,
  agreementOf,
  biasOf,
  type CarbonField,
  defaultCarbon,
  type MapBias,
  type ModelPlace,
  type Pairs,
  pairLayers,
  rootMeanSquare,
  STORAGE_DEPTHS,
  sampledCarbon,
  stocksTo,
  storageTo,
  variedCarbon,
} from "./upscaling.js";

/** A way to give the model parameters: defaults, the same sets everywhere, or some for each place. */
export type Method = { readonly name: string } & (
  | { readonly defaults: DefaultValues }
  | { readonly sets: readonly Float64Array[] }
  | { readonly sites: readonly Float64Array[]; readonly cells: readonly Float64Array[] }
);

/** What a method makes of test profiles and of the country. */
export interface MethodResult {
  readonly name: string;
  readonly pairs: Pairs;
  /** against observed layers, and against the same layers without noise */
  readonly agreement: Agreement;
  readonly trueAgreement: Agreement;
  readonly field: CarbonField;
  /** to 1 m [kgC m⁻²] */
  readonly stocks: Float64Array;
  /** to 0.3, 1 and 2 m [PgC] */
  readonly storage: readonly number[];
  readonly bias: MapBias;
  /** root mean square over regions, and over belts of latitude [kgC m⁻²] */
  readonly regionalError: number;
  readonly beltError: number;
}

/** All methods beside the truth. */
export interface Comparison {
  readonly methods: readonly MethodResult[];
  readonly trueField: CarbonField;
  readonly trueStocks: Float64Array;
  readonly trueStorage: readonly number[];
}

/** Draw sets of proportions from the kept draws of many posteriors, all alike. */
export function poolDraws(
  posteriors: readonly Posterior[],
  count: number,
  seed: number,
): Float64Array[] {
  const random = makeRandom(seed, 7);
  const d = PARAMETERS_2020.length;
  return Array.from({ length: count }, () => {
    const { draws } = posteriors[random.integer(posteriors.length)]!;
    const row = random.integer(draws.length / d);
    return draws.slice(row * d, (row + 1) * d);
  });
}

/**
 * Run all methods on test profiles and on the map.
 *
 * @param truth true proportions of each cell
 */
export function runMethods(
  methods: readonly Method[],
  {
    twin,
    test,
    truth,
  }: {
    readonly twin: SoilTwin;
    readonly test: readonly TwinProfile[];
    readonly truth: readonly Float64Array[];
  },
): Comparison {
  const { grid, cells } = twin;
  const trueField = variedCarbon(cells, truth);
  const trueStocks = stocksTo(trueField, 1);
  const storageOf = (field: CarbonField) => STORAGE_DEPTHS.map((z) => storageTo(grid, field, z));
  const noiseless = test.map((profile) => ({ ...profile, carbon: profile.trueCarbon }));
  const results = methods.map((method): MethodResult => {
    const atSites = fieldOf(method, test, "sites");
    const field = fieldOf(method, cells, "cells");
    const pairs = pairLayers(test, atSites);
    const stocks = stocksTo(field, 1);
    const bias = biasOf(grid, cells, { modelled: stocks, truth: trueStocks });
    return {
      name: method.name,
      pairs,
      agreement: agreementOf(pairs),
      trueAgreement: agreementOf(pairLayers(noiseless, atSites)),
      field,
      stocks,
      storage: storageOf(field),
      bias,
      regionalError: rootMeanSquare(bias.regions),
      beltError: rootMeanSquare(bias.belts),
    };
  });
  return { methods: results, trueField, trueStocks, trueStorage: storageOf(trueField) };
}

function fieldOf(method: Method, places: readonly ModelPlace[], at: "sites" | "cells") {
  if ("defaults" in method) return defaultCarbon(places, method.defaults);
  if ("sets" in method) return sampledCarbon(places, method.sets);
  return variedCarbon(places, method[at]);
}

/** What a comparison says, in words with numbers. */
export function describeMethods({ methods, trueStorage }: Comparison) {
  const each = (say: (method: MethodResult) => string) =>
    methods.map((method) => `${method.name} ${say(method)}`).join(", ");
  const byName = new Map(methods.map((method) => [method.name, method]));
  const direct = byName.get("network");
  const through = byName.get("through the model");
  const likeness = direct && through ? likenessOf(direct.stocks, through.stocks) : Number.NaN;
  return {
    ranking: `R² ${each((m) => m.agreement.rSquared.toFixed(2))}`,
    storage: `0–100 cm, PgC: truth ${trueStorage[1]!.toFixed(0)}, ${each((m) => m.storage[1]!.toFixed(0))}`,
    regional: `rms bias over regions, kgC m⁻²: ${each((m) => m.regionalError.toFixed(1))}`,
    network: `RMSE, kgC m⁻³: ${each((m) => m.agreement.rmse.toFixed(1))}`,
    through: `maps of both networks correlate with r ${likeness.toFixed(2)}`,
  };
}

function likenessOf(observed: Float64Array, modelled: Float64Array): number {
  return Math.sqrt(agreementOf({ observed, modelled }).rSquared);
}
