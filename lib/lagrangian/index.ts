/**
 * lagrangian: particles that sink and drift through an ocean, followed backward to where they came
 * from or forward to where they go. `releasePatch` starts them, `backtrack` follows them.
 */
export type { EdgeRule } from "./advance.js";
export { createTrackFile, type TrackFile, tracksToNetcdf } from "./artifact.js";
export { type BacktrackOptions, backtrack } from "./backtrack.js";
export type { Diffusivity, VerticalProfile } from "./diffusion.js";
export { type OriginMap, originMap } from "./histogram.js";
export { END_REASONS, type EndReason } from "./particles.js";
export { type Patch, type Release, releasePatch, type Trap } from "./release.js";
export { EULER, RK2, RK4, RK45, type Tableau } from "./tableau.js";
export type { Crossing, Places, Saved, Tracks } from "./tracks.js";
