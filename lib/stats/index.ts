/**
 * stats: methods that know nothing of the sea or the land. Least squares and Student's t, trends,
 * Ward's linkage, k-means, spectral clustering, Lasso, warping, comparing partitions, judging classifiers.
 */
export {
  type Calibration,
  type Confusion,
  calibration,
  confusion,
  confusionOf,
} from "./confusion.js";
export { effectiveSampleSize, splitRhat } from "./convergence.js";
export { type Eigen, symmetricEigen, tridiagonalValues } from "./eigen.js";
export { type KMeans, type KMeansOptions, kMeans, nearestCenters } from "./kmeans.js";
export {
  type LassoFit,
  type LassoOptions,
  type LassoProblem,
  type LassoSolver,
  lassoPath,
  lassoPenalties,
  makeLasso,
  predictLasso,
} from "./lasso.js";
export {
  canonicalLabels,
  cutToClusters,
  type Linkage,
  labelsOfNodes,
  type WardOptions,
  ward,
} from "./linkage.js";
export {
  type AdaptiveOptions,
  type AnnealedOptions,
  adaptiveMetropolis,
  annealedMetropolis,
  type Chain,
  type Cost,
} from "./metropolis.js";
export {
  adjustedRand,
  type Clustering,
  type Contingency,
  contingency,
  type StabilityOptions,
  silhouette,
  stability,
} from "./partition.js";
export { fitLinear, type LinearFit, tryFitLinear, type Unfit } from "./regression.js";
export {
  gaussianAffinity,
  normalisedLaplacian,
  type SpectralOptions,
  spectralClusters,
} from "./spectral.js";
export { incompleteBeta, logGamma, tQuantile, twoSidedP } from "./student.js";
export { fitTrend, type Trend } from "./trend.js";
export { type WarpingOptions, warpingDistance, warpingMatrix } from "./warping.js";
