/** Where samples come from: arrays in memory, or files read batch by batch. */

import { ArgumentError, type NdArray, sizeOf } from "../core/index.js";
import { open } from "../io/index.js";
import type { Values } from "./engine.js";

/** Samples with named fields. A network takes the fields of its inputs' names. */
export interface Source {
  /** how many samples there are */
  readonly count: number;
  /** shape of one sample of each field */
  readonly fields: Readonly<Record<string, readonly number[]>>;
  /** read samples by number; each field comes with shape (samples, …sample) */
  read(samples: Int32Array): Values | Promise<Values>;
}

/**
 * Samples in memory: arrays whose first axis counts the samples.
 *
 * @throws {ArgumentError} if there are none, or the fields do not have as many each
 */
export function arraySource(arrays: Readonly<Record<string, NdArray>>): Source {
  const entries = Object.entries(arrays);
  const count = checkCounts(entries);
  return {
    count,
    fields: Object.fromEntries(entries.map(([name, { shape }]) => [name, shape.slice(1)])),
    read: (samples) =>
      Object.fromEntries(entries.map(([name, array]) => [name, pickRows(array, samples)])),
  };
}

/** Some of the samples of a source, in the order given. */
export function subset(source: Source, samples: Int32Array): Source {
  for (const sample of samples) {
    if (sample >= 0 && sample < source.count) continue;
    const wanted = `0 to ${source.count - 1}`;
    throw new ArgumentError({ what: "sample", wanted, got: String(sample) });
  }
  return {
    count: samples.length,
    fields: source.fields,
    read: (numbers) => source.read(Int32Array.from(numbers, (i) => samples[i]!)),
  };
}

/** Data written down, so that a worker thread can open them too. */
export type SourceDescription =
  | { readonly kind: "arrays"; readonly arrays: Readonly<Record<string, NdArray>> }
  | {
      readonly kind: "netcdf";
      readonly path: string;
      /** variable of each field; its first dimension counts the samples */
      readonly variables: Readonly<Record<string, string>>;
    }
  | {
      /** samples made where they are needed, by a module that exports `openSource(argument)` */
      readonly kind: "module";
      /** URL of the module */
      readonly url: string;
      /** what a worker thread can be sent; large arrays in shared memory */
      readonly argument: unknown;
    };

/** A source that holds a file open. */
export interface OpenSource extends Source {
  close(): void;
}

/** What a module that makes samples exports. */
export interface SourceModule {
  readonly openSource: (argument: unknown) => OpenSource | Promise<OpenSource>;
}

/**
 * Open described data.
 *
 * @throws {MissingVariableError} if a file lacks a variable
 * @throws {ArgumentError} if there are no samples, or the fields do not have as many each
 */
export async function openSource(description: SourceDescription): Promise<OpenSource> {
  if (description.kind === "arrays") {
    return { ...arraySource(description.arrays), close: () => undefined };
  }
  if (description.kind === "module") {
    const module = (await import(description.url)) as SourceModule;
    return module.openSource(description.argument);
  }
  return netcdfSource(description.path, description.variables);
}

/**
 * Samples in a netCDF file, read when they are needed.
 *
 * @param variables variable of each field; its first dimension counts the samples
 */
export async function netcdfSource(
  path: string,
  variables: Readonly<Record<string, string>>,
): Promise<OpenSource> {
  const file = await open(path);
  const fields = Object.entries(variables).map(
    ([name, variable]) => [name, file.variable(variable)] as const,
  );
  const shapes = fields.map(([name, { shape }]) => [name, { shape }] as const);
  const count = checkCounts(shapes);
  return {
    count,
    fields: Object.fromEntries(fields.map(([name, { shape }]) => [name, shape.slice(1)])),
    async read(samples) {
      const values: Record<string, NdArray<Float32Array>> = {};
      for (const [name, variable] of fields) {
        const sample = variable.shape.slice(1);
        const data = new Float32Array(samples.length * sizeOf(sample));
        for (const [i, number] of samples.entries()) {
          const part = await variable.read({ [variable.dimensions[0]!]: number });
          data.set(part.data, i * sizeOf(sample));
        }
        values[name] = { data, shape: [samples.length, ...sample] };
      }
      return values;
    },
    close: () => file.close(),
  };
}

function checkCounts(
  entries: readonly (readonly [string, { readonly shape: readonly number[] }])[],
): number {
  const count = entries[0]?.[1].shape[0] ?? 0;
  if (count === 0) {
    throw new ArgumentError({ what: "data", wanted: "at least one sample", got: "none" });
  }
  for (const [name, { shape }] of entries) {
    if (shape[0] === count) continue;
    const got = `${shape[0]} in "${name}"`;
    throw new ArgumentError({ what: "samples", wanted: `${count} as in "${entries[0]![0]}"`, got });
  }
  return count;
}

function pickRows({ data, shape }: NdArray, rows: Int32Array): NdArray<Float32Array> {
  const size = sizeOf(shape.slice(1));
  const picked = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) {
    picked.set(data.subarray(row * size, (row + 1) * size), i * size);
  }
  return { data: picked, shape: [rows.length, ...shape.slice(1)] };
}
