/**
 * data: the manifest of outside data. `readManifest` says what there is, `locate` where it is on
 * this machine. Nothing outside the data folder is ever written.
 */
export { dataFolders, locate, type Place, rootOf } from "./locate.js";
export {
  type DataFile,
  type DataSet,
  findDataSet,
  type Manifest,
  readManifest,
} from "./manifest.js";
