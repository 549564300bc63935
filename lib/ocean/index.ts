/**
 * ocean: grids, vertical coordinates, fields and flows of the ocean. `openOcean` reads ROMS and CROCO
 * output on its native C-grid; `closedFormOcean` puts a formula on one; `makeTwinOcean` spins up an
 * eddying one from a seed, and `openTwin` opens it. `solveCarbonate` and `fugacityField` are the
 * carbonate chemistry of seawater.
 */
export {
  type CarbonateParameter,
  type CarbonateSystem,
  type Seawater,
  solveCarbonate,
} from "./carbonate.js";
export { equilibriumOf } from "./carbonate-constants.js";
export {
  BEST_PRACTICE,
  type CarbonateChoice,
  type Equilibrium,
  type WaterState,
} from "./carbonate-equilibrium.js";
export {
  type CarbonateFields,
  type FugacityField,
  type FugacitySensitivity,
  fugacityField,
  fugacitySensitivity,
} from "./carbonate-field.js";
export {
  type ClosedFormOptions,
  closedFormOcean,
} from "./closed-form.js";
export { layerThickness, omegaFromContinuity } from "./continuity.js";
export {
  decayingEddy,
  type EddyParameters,
  FABBRONI,
  type Flow,
  type GaussianEddies,
  gaussianEddies,
  linearShear,
  movingEddy,
  peninsula,
  radialRotation,
  stationaryEddy,
  stillWater,
  stommelGyre,
  uniformFlow,
} from "./flows.js";
export {
  bilinear,
  type CGrid,
  displacement,
  extent,
  type Index,
  isInside,
  isWater,
  locate,
  type Point,
  type Positions,
  positionOf,
  turnOf,
} from "./grid.js";
export {
  type ColumnSample,
  makeSampler,
  neighbour,
  type Sampler,
  slotWeight,
  type VelocitySample,
} from "./interpolation.js";
export { mapAt, type OceanMap, type Quantity } from "./map.js";
export { type NodalOptions, openNodalOcean } from "./nodal.js";
export { type Face, type Field, type Frame, makeField, type Ocean, shapeOf } from "./ocean.js";
export { type OpenOceanOptions, openOcean } from "./open.js";
export { makeTwinOcean, type TwinOptions, type TwinRun, twinPath } from "./twin-ocean.js";
export { type OpenTwinOptions, openTwin } from "./twin-open.js";
export { TWIN_PHYSICS } from "./twin-physics.js";
export type { Spread, TwinProfile } from "./twin-profile.js";
export { TWIN_SIZES, type TwinCost, type TwinSize, twinCost } from "./twin-size.js";
export { makeTwin, twinOfTask } from "./twin-task.js";
export {
  type Column,
  columnOf,
  heightOfLevel,
  levelOfHeight,
  makeVertical,
  rhoHeights,
  type Stretching,
  stretched,
  type VerticalCoordinate,
  verticalOfHeights,
  wHeights,
} from "./vertical.js";
export {
  type Allocate,
  allocateIn,
  courantRate,
  loadFrame,
  makeWindow,
  type Window,
  windowBytes,
} from "./window.js";
