/**
 * parallel: worker threads over shared memory. The fields of an ocean are there once, whatever the
 * number of workers; results must not depend on it.
 */
export { checkWorkers, cores, makePool, type Pool, splitRange, workerFile } from "./pool.js";
