/** What a worker thread runs. */

export { estimateSites as runSites, sampleBatch as runBatch } from "./assimilation.js";
