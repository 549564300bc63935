/**
 * learn: networks as data, their gradients as graphs, engines that run them, training.
 *
 * Describe a network (`Network`, or `unet` and `mlp`), hand it to `train` with data (`arraySource`,
 * `netcdfSource`) and a loss (a description, or a function of nodes), predict with `predict` or
 * `predictEnsemble`, keep it with `saveModel`. A loss of one's own is written with the operations
 * on nodes (`add`, `matmul`, `sumRows`, …) and differentiated like the built-in ones.
 */
export * from "./application.js";
export * from "./architecture.js";
export * from "./arithmetic.js";
export { readCheckpoint, writeCheckpoint } from "./checkpoint.js";
export * from "./convolution.js";
export { gradients } from "./derivative.js";
export * from "./engine.js";
export * from "./ensemble.js";
export { type EnsembleTraining, trainEnsemble } from "./ensemble-training.js";
export * from "./layer.js";
export * from "./loss.js";
export { type Member, type MemberOptions, type MemberTask, trainMember } from "./member.js";
export * from "./model-file.js";
export * from "./network.js";
export * from "./node.js";
export { type OnnxFile, openOnnxFile } from "./onnx-engine.js";
export type { Clip, Optimiser } from "./optimiser.js";
export {
  type Prediction,
  type PredictionOptions,
  predict,
  predictionProgram,
} from "./prediction.js";
export { makeProgressLine } from "./progress.js";
export { resumable } from "./resumption.js";
export * from "./schedule.js";
export * from "./shaping.js";
export * from "./source.js";
export { type LayersModel, openLayersModel } from "./tfjs-engine.js";
export * from "./training.js";
export { type ExtraParameter, gradientProgram, layoutOf, type Task } from "./training-program.js";
export { type EpochRecord, stateWeights, type TrainingState } from "./training-state.js";
export { initialise, type Model, packWeights, type Weights } from "./weights.js";
