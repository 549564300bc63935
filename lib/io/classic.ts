/** Open netCDF classic files (CDF-1, CDF-2, CDF-5) and read slices of them by position. */

import { DataError, sizeOf } from "../core/index.js";
import { type ByteFile, bytesOf, swapFromBigEndian, viewNumbers } from "./bytes.js";
import { type ClassicHeader, type ClassicVariable, readClassicHeader } from "./classic-header.js";
import type { Dimension, StorageType, StoredDataset, StoredVariable } from "./dataset.js";
import { DEFAULT_FILLS } from "./fill.js";
import type { Range } from "./selection.js";
import { textsOf } from "./text.js";

/** Where a variable's values stand. */
interface Layout {
  readonly shape: readonly number[];
  readonly begin: number;
  /** bytes from one record to the next; 0 if it has none */
  readonly recordStep: number;
}

/**
 * Open a netCDF classic file.
 *
 * @param truncated `open`: a file shorter than its header says fails only where it is read past its end
 * @throws {DataError} if the header is damaged or the file shorter than the header says
 */
export function openClassic(
  file: ByteFile,
  truncated: "refuse" | "open" = "refuse",
): StoredDataset {
  const header = readClassicHeader(file);
  checkIds(header, file.path);
  const recordId = header.dimensions.findIndex(({ length }) => length === 0);
  const isRecord = (v: ClassicVariable) => recordId !== -1 && v.dimensionIds[0] === recordId;
  const recordStep = stepOf(header, header.variables.filter(isRecord));
  const records = header.records ?? countRecords(header, file.size, recordStep, isRecord);
  const dimensions = header.dimensions.map(
    ({ name, length }, id): Dimension => ({
      name,
      length: id === recordId ? records : length,
      unlimited: id === recordId,
    }),
  );
  const variables = header.variables.map((v): StoredVariable => {
    const shape = v.dimensionIds.map((id) => dimensions[id]!.length);
    const layout = { shape, begin: v.begin, recordStep: isRecord(v) ? recordStep : 0 };
    return {
      name: v.name,
      dimensions: v.dimensionIds.map((id) => dimensions[id]!.name),
      shape,
      type: v.type,
      attributes: v.attributes,
      defaultFill: DEFAULT_FILLS[v.type],
      read: async (ranges) => readValues(file, v, layout, ranges),
    };
  });
  if (truncated === "refuse") checkSize(file, header, variables, recordStep);
  const { path } = file;
  return {
    path,
    format: "netcdf3",
    dimensions,
    attributes: header.attributes,
    variables,
    close: file.close,
  };
}

function readValues(file: ByteFile, v: ClassicVariable, layout: Layout, ranges: readonly Range[]) {
  const shape = ranges.map((r) => r.stop - r.start);
  const bytes = new Uint8Array(sizeOf(shape) * bytesOf(v.type));
  if (bytes.length > 0) fillBytes(file, bytes, v.type, layout, ranges);
  if (v.type === "char") return textsOf(bytes, ranges);
  swapFromBigEndian(bytes, v.type);
  return viewNumbers(bytes, v.type);
}

/** Read run after run of bytes that stand together in the file. */
function fillBytes(
  file: ByteFile,
  bytes: Uint8Array,
  type: StorageType,
  layout: Layout,
  ranges: readonly Range[],
): void {
  const { shape, begin, recordStep } = layout;
  const steps = new Array<number>(shape.length);
  let step = bytesOf(type);
  for (let d = shape.length - 1; d >= 0; d--) {
    steps[d] = step;
    step *= shape[d]!;
  }
  if (recordStep > 0) steps[0] = recordStep;
  let run = bytesOf(type);
  let outer = ranges.length;
  for (; outer > 0; outer--) {
    const count = ranges[outer - 1]!.stop - ranges[outer - 1]!.start;
    if (count > 1 && steps[outer - 1] !== run) break;
    run *= count;
  }
  const at = ranges.map((r) => r.start);
  for (let done = 0; done < bytes.length; done += run) {
    const position = at.reduce((sum, index, d) => sum + index * steps[d]!, begin);
    file.read(bytes.subarray(done, done + run), position);
    advance(at, ranges, outer);
  }
}

/** Step the first `outer` indices on by one, the last fastest. */
function advance(at: number[], ranges: readonly Range[], outer: number): void {
  for (let d = outer - 1; d >= 0; d--) {
    at[d]!++;
    if (at[d]! < ranges[d]!.stop) return;
    at[d] = ranges[d]!.start;
  }
}

/** Bytes of one record: each variable padded to four, unless there is only one variable. */
function stepOf(header: ClassicHeader, variables: readonly ClassicVariable[]): number {
  const sizes = variables.map((v) => recordBytes(header, v));
  if (sizes.length === 1) return sizes[0]!;
  return sizes.reduce((sum, size) => sum + Math.ceil(size / 4) * 4, 0);
}

function recordBytes(header: ClassicHeader, v: ClassicVariable): number {
  return (
    sizeOf(v.dimensionIds.slice(1).map((id) => header.dimensions[id]!.length)) * bytesOf(v.type)
  );
}

function countRecords(
  header: ClassicHeader,
  size: number,
  recordStep: number,
  isRecord: (v: ClassicVariable) => boolean,
): number {
  const begins = header.variables.filter(isRecord).map((v) => v.begin);
  if (begins.length === 0 || recordStep === 0) return 0;
  return Math.max(0, Math.floor((size - Math.min(...begins)) / recordStep));
}

function checkIds(header: ClassicHeader, path: string): void {
  const { dimensions, variables } = header;
  for (const { name, dimensionIds } of variables) {
    const wrong = dimensionIds.find((id) => !Number.isInteger(id) || id >= dimensions.length);
    const late = dimensionIds.slice(1).find((id) => dimensions[id]?.length === 0);
    if (wrong === undefined && late === undefined) continue;
    throw new DataError({
      where: `${path}:${name}`,
      what: "dimension",
      wanted: `one of ${dimensions.length}, the unlimited one first`,
      got: `number ${wrong ?? late}`,
      remedy: "the file is damaged: fetch it again",
    });
  }
}

/** Refuse a file that ends before its last variable does. */
function checkSize(
  file: ByteFile,
  header: ClassicHeader,
  variables: readonly StoredVariable[],
  recordStep: number,
): void {
  const recordId = header.dimensions.findIndex(({ length }) => length === 0);
  let expected = 0;
  let last = "";
  for (const [i, v] of header.variables.entries()) {
    const { shape } = variables[i]!;
    if (sizeOf(shape) === 0) continue;
    const record = recordId !== -1 && v.dimensionIds[0] === recordId;
    const length = record
      ? (shape[0]! - 1) * recordStep + recordBytes(header, v)
      : sizeOf(shape) * bytesOf(v.type);
    if (v.begin + length <= expected) continue;
    expected = v.begin + length;
    last = v.name;
  }
  if (expected <= file.size) return;
  throw new DataError({
    where: file.path,
    what: `file size (up to the end of variable "${last}")`,
    wanted: `${expected} bytes`,
    got: `${file.size}`,
    remedy: "the file is truncated: fetch it again",
  });
}
