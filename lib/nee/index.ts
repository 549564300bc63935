/**
 * nee: the exchange of carbon between land and air, learnt from towers (EC) and from towers and
 * inversions at once (EC-ATM; Upton et al. 2024). Drivers come from recipes (`makeDrivers`), regions
 * are joined to pixels by sparse operators (`fitBridges`), both losses meet in one graph.
 * Fluxes are below zero where the land takes carbon up.
 */
export * from "./bridge.js";
export * from "./budget.js";
export { type CardamomSites, readCardamom } from "./cardamom-file.js";
export * from "./diagnose.js";
export * from "./driver.js";
export * from "./dual.js";
export {
  type ConstraintLayout,
  constraintLoss,
  dualLoss,
  LOG_VARIANCES,
  type NormOrder,
  normOfMisses,
  towerLoss,
  weighLosses,
} from "./dual-loss.js";
export { type Constraint, constraintRange, makeConstraint } from "./dual-source.js";
export * from "./flux-file.js";
export * from "./flux-unit.js";
export * from "./forward.js";
export * from "./grid.js";
export * from "./map.js";
export * from "./observed.js";
export * from "./operator.js";
export * from "./pft.js";
export * from "./picture.js";
export * from "./region.js";
export * from "./report.js";
export * from "./ridge.js";
export * from "./round.js";
export * from "./score.js";
export * from "./steps.js";
export * from "./study.js";
export * from "./tower.js";
export * from "./tower-file.js";
export * from "./twin.js";
export {
  type Climate,
  makeClimate,
  makeOscillation,
  meanTemperature,
  type Places,
  potentialLight,
  smoothField,
  zonalWater,
} from "./twin-climate.js";
export { INVERSION_ERRORS, type Inversion, makeInversions } from "./twin-inversion.js";
export {
  COMPONENTS,
  type Component,
  type Components,
  type LandFluxes,
  type LandPlaces,
  simulateLand,
} from "./twin-land.js";
export type { BridgeGap } from "./watch.js";
