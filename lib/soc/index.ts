/**
 * soc: the vertically resolved matrix model of soil organic carbon, its steady state and
 * gradients, and the ways to give it parameters (Tao et al. 2020, 2023).
 */

export * from "./adjoint.js";
export * from "./assimilation.js";
export * from "./binn.js";
export * from "./climate.js";
export * from "./clm5.js";
export * from "./column.js";
export * from "./column2023.js";
export * from "./cores.js";
export * from "./cost.js";
export * from "./cost2023.js";
export * from "./country.js";
export * from "./covariate.js";
export * from "./demonstration.js";
export * from "./gradient.js";
export * from "./gradient2023.js";
export * from "./known-posterior.js";
export * from "./layers.js";
export * from "./methods.js";
export * from "./misfit.js";
export * from "./network.js";
export * from "./observation.js";
export * from "./parameters.js";
export * from "./pchip.js";
export * from "./picture.js";
export * from "./profile.js";
export * from "./rates.js";
export * from "./recovery.js";
export * from "./round.js";
export * from "./sampling.js";
export * from "./screen.js";
export * from "./site-loss.js";
export * from "./steady.js";
export * from "./stock.js";
export * from "./transient.js";
export * from "./twin.js";
export * from "./upscaling.js";
