/**
 * io: every file a carbon scientist has. `open` reads netCDF (classic, 64-bit, CDF-5, netCDF-4)
 * and HDF5; `writeNetcdf` writes CF netCDF-4. Values come out as named arrays with units, missing
 * ones as NaN.
 */
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
export { open } from "./open.js";
export type { Selection } from "./selection.js";
export { type NetcdfContent, type NetcdfVariable, writeNetcdf } from "./writer.js";
