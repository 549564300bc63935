/**
 * io: every file a carbon scientist has. `open` reads netCDF (classic, 64-bit, CDF-5, netCDF-4)
 * and HDF5, `readTable` delimited text; `writeNetcdf` writes CF netCDF-4, whole or, by
 * `createNetcdf`, part by part. Values come out as named arrays with units, missing ones as NaN.
 */
export { type Axis, coordinateOf } from "./coordinates.js";
export type {
  Attributes,
  AttributeValue,
  Dataset,
  Dimension,
  StorageType,
  StoredNumbers,
  Times,
  Values,
  Variable,
} from "./dataset.js";
export { filesAt } from "./files.js";
export { type OpenOptions, open } from "./open.js";
export type { Selection } from "./selection.js";
export { parseTable, readTable, type Table, type TableOptions, writeTable } from "./table.js";
export {
  createNetcdf,
  type NetcdfContent,
  type NetcdfLayout,
  type NetcdfShape,
  type NetcdfVariable,
  type NetcdfWriter,
  writeNetcdf,
} from "./writer.js";
