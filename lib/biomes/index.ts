/**
 * biomes: carbon biomes are regions where fCO2 answers its drivers alike. Months are screened, cut
 * into tiles, fitted (`fitRelations`), scaled, clustered (`ward` of stats), cut (`adaptiveCut`),
 * followed through time by a network (`trainTracker`) and summed up per zone (`coverage`).
 */
export {
  type CoverageOptions,
  type CoverageTrend,
  coverage,
  coverageTrend,
  type LabelMap,
  occurrence,
  type SeasonalCycle,
  seasonalCycle,
  tilesOfZone,
  ZONES,
  type Zone,
  zoneOf,
} from "./coverage.js";
export {
  adaptiveCut,
  authorsBic,
  type CutThresholds,
  cutLabels,
  nodeVariances,
  PUBLISHED_TILES,
  type ScannedCut,
  scaledDistance,
  scanCuts,
} from "./cut.js";
export { dendrogramPanel } from "./dendrogram.js";
export {
  type BiomeSummary,
  type Detection,
  type DetectionOptions,
  detectBiomes,
  matchRegimes,
  summariseBiomes,
} from "./detect.js";
export { compareEpochs, type EpochComparison, type EpochOptions } from "./epoch.js";
export { applyScaler, fitScaler, type Scaler, winsorise } from "./feature.js";
export {
  beltMean,
  coverageSeries,
  describeTrend,
  type Groups,
  groupCycles,
  groupTrends,
  type MonthOptions,
  type MonthSlopes,
  meanByClass,
  monthlyMeans,
  nameMonths,
  renameLabels,
  slopesOfMonths,
} from "./follow.js";
export { type JudgedCut, type JudgeOptions, judgeCuts } from "./judge.js";
export {
  type Limits,
  type OceanMonth,
  PUBLISHED_LIMITS,
  type Screened,
  screenMonth,
} from "./month.js";
export {
  BIOME_KINDS,
  type BiomeMask,
  MODEL_FIELDS,
  maskOfTiles,
  type ObservedMonth,
  type ObservedPressure,
  readFayMcKinley,
  readJiang,
  readMonth,
  readReccap,
  readTakahashi,
} from "./observed.js";
export {
  biomeScale,
  confusionPanel,
  monthPanel,
  scanLines,
  scanPanels,
  scorePanel,
  seasonPanel,
  slopePanel,
  tileMap,
  trendPanel,
} from "./picture.js";
export {
  DRIVERS,
  fitRelations,
  keptSlopes,
  type LocalRelations,
  type RelationOptions,
  type TileState,
} from "./relation.js";
export { splitThermal, type ThermalSplit, WARMING } from "./thermal.js";
export {
  spreadOver,
  type TiledCells,
  type TileGrid,
  tileArea,
  tileAxes,
  tileCells,
  tileCenter,
  tileGrid,
  tileMeans,
} from "./tile.js";
export {
  type Classified,
  classify,
  type Split,
  stratifiedSplit,
  type Tracker,
  type TrackerOptions,
  trainTracker,
} from "./track.js";
export {
  type BiomeTwin,
  type Box,
  COOL_SUBTROPICAL,
  ICE,
  makeBiomeTwin,
  REGIMES,
  type Regime,
  SUBPOLAR,
  type TwinMonth,
  type TwinOptions,
  trueRegimes,
  UPWELLING,
  WARM_SUBTROPICAL,
} from "./twin.js";
