/** The dimensions of HDF5 data sets, as netCDF-4 means them. */

import type { Dimension, StoredAttribute } from "./dataset.js";
import {
  addressOf,
  type Hdf5Dataset,
  type Hdf5File,
  isUnlimited,
  readScaleAddresses,
} from "./hdf5-object.js";

/** A data set and what netCDF-4 wrote beside it. */
export interface NetcdfDataset extends Hdf5Dataset {
  /** the scale's own name, "" if it has none; undefined if this is no scale */
  readonly scale: string | undefined;
  readonly attributes: ReadonlyMap<string, StoredAttribute>;
}

/** Finds each data set's dimension names: its scales, itself, or a made-up name as netCDF-C's. */
export class DimensionNames {
  readonly #file: Hdf5File;
  readonly #lengths = new Map<string, Dimension>();
  readonly #byId = new Map<number, string>();
  readonly #byAddress = new Map<string, string>();

  constructor(file: Hdf5File, datasets: readonly NetcdfDataset[]) {
    this.#file = file;
    for (const dataset of datasets) {
      if (dataset.scale === undefined) continue;
      this.#note(dataset.name, dataset, 0);
      const id = dataset.attributes.get("_Netcdf4Dimid")?.value;
      if (typeof id === "number") this.#byId.set(id, dataset.name);
      this.#byAddress.set(addressOf(file, `/${dataset.name}`), dataset.name);
    }
  }

  of(dataset: NetcdfDataset): string[] {
    const { name, shape } = dataset;
    const ids = dataset.attributes.get("_Netcdf4Coordinates")?.value;
    const addresses = readScaleAddresses(this.#file, `/${name}`);
    const taken = new Set<string>();
    return shape.map((_, d) => {
      const own = dataset.scale !== undefined && d === 0 ? name : undefined;
      const found =
        own ??
        this.#byAddress.get(addresses?.[d] ?? "") ??
        (Array.isArray(ids) ? this.#byId.get(ids[d]) : undefined);
      const dimension = found ?? this.#phony(dataset, d, taken);
      this.#note(dimension, dataset, d);
      taken.add(dimension);
      return dimension;
    });
  }

  all(): Dimension[] {
    return [...this.#lengths.values()];
  }

  get(name: string): Dimension {
    return this.#lengths.get(name)!;
  }

  /** Unlimited dimensions are as long as the longest variable on them. */
  #note(name: string, dataset: Hdf5Dataset, d: number): void {
    const unlimited = isUnlimited(dataset.metadata, d);
    const known = this.#lengths.get(name);
    const length = Math.max(known?.length ?? 0, dataset.shape[d] ?? 0);
    this.#lengths.set(name, { name, length, unlimited: unlimited || known?.unlimited === true });
  }

  #phony(dataset: Hdf5Dataset, d: number, taken: ReadonlySet<string>): string {
    const length = dataset.shape[d]!;
    const unlimited = isUnlimited(dataset.metadata, d);
    for (let n = 0; ; n++) {
      const name = `phony_dim_${n}`;
      const known = this.#lengths.get(name);
      const fits =
        known === undefined || (known.length === length && known.unlimited === unlimited);
      if (fits && !taken.has(name)) return name;
    }
  }
}
