/**
 * catchment: where the particles of a sediment trap came from. Source PDFs from backtracked
 * particles, data sets, networks that predict them, and their scores (Picard et al. 2024, 2025).
 */
export * from "./animation.js";
export * from "./answer.js";
export * from "./coarsen.js";
export * from "./cubic.js";
export * from "./deep.js";
export * from "./deepprofile.js";
export * from "./degrade.js";
export * from "./energy.js";
export * from "./evaluation.js";
export * from "./examples.js";
export * from "./experiment.js";

export * from "./forecaster.js";
export * from "./geostrophy.js";
export * from "./images.js";
export * from "./influence.js";
export * from "./inputrange.js";
export * from "./inputvalues.js";
export * from "./mass.js";
export * from "./monthly.js";
export * from "./neighbours.js";
export * from "./network.js";
export * from "./networkplan.js";
export * from "./oceanprofile.js";
export * from "./pdf.js";
export * from "./pdffile.js";
export * from "./portraits.js";
export { readPredictions } from "./published.js";
export * from "./raster.js";
export * from "./record.js";
export * from "./recordplan.js";
export * from "./relation.js";
export * from "./satellitefigures.js";
export * from "./satellitefile.js";
export * from "./satelliteimages.js";
export * from "./satellitemap.js";
export * from "./satellitetwin.js";
export * from "./score.js";
export * from "./scoreboard.js";
export * from "./shard.js";
export * from "./snapshot.js";
export * from "./sourcemap.js";
export * from "./speedfigures.js";
export * from "./speedforecaster.js";
export * from "./speedjudgement.js";
export * from "./speeds.js";
export * from "./speedtraining.js";
export * from "./split.js";
export * from "./studyoceans.js";
export * from "./studyplan.js";
export * from "./surroundings.js";
export * from "./targets.js";
export * from "./tensorfile.js";
export { trainingSource } from "./training-source.js";
export * from "./transfer.js";
