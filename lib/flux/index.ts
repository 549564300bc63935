/**
 * flux: what falls into a sediment trap and what the surface says of it. Readers of trap records
 * (`readPapFluxes`, `readMouwFluxes`), chlorophyll weighed by catchments for every lag
 * (`weighChlorophyll`), correlations with a test that respects memory (`crossCorrelate`), and a twin
 * with a right answer (Picard et al. 2025).
 */
export * from "./bloomfigure.js";
export * from "./catchment.js";
export * from "./chlorophyll.js";
export * from "./crosscorrelation.js";
export { parseDate } from "./dates.js";
export * from "./fluxfigures.js";
export * from "./lag.js";
export * from "./lagfigure.js";
export * from "./mouw.js";
export * from "./pap.js";
export * from "./peak.js";
export * from "./periods.js";
export * from "./record.js";
export * from "./season.js";
export * from "./significance.js";
export * from "./twin.js";
export * from "./twinjudgement.js";
export { fluxFactor } from "./units.js";
export * from "./weighting.js";
