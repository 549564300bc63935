/**
 * data: the manifest of outside data. `readManifest` says what there is, `listData` what of it is
 * here, `locate` where; `planFetch` and `fetchData` get it, `verifyData` checks it. Nothing
 * outside the data folder is ever written, and archives are kept as they are, never unpacked.
 */
export {
  type FetchOptions,
  type FetchPlan,
  type FetchReport,
  fetchData,
  type PlannedFile,
  planFetch,
} from "./fetch.js";
export { dataFolders, locate, type Place, rootOf } from "./locate.js";
export {
  type ByHand,
  type DataFile,
  type DataSet,
  findDataSet,
  type Manifest,
  readManifest,
} from "./manifest.js";
export {
  type DataStatus,
  type FileState,
  listData,
  type VerifyReport,
  verifyData,
} from "./verify.js";
