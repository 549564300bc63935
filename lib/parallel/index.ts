/**
 * parallel: worker threads over shared memory. The fields of an ocean are there once, whatever the
 * number of workers; results must not depend on it. Also big loops as tasks, which run in worker
 * threads or on the nodes of a cluster.
 */
export { checkWorkers, cores, makePool, type Pool, workerFile } from "./pool.js";
export {
  callTask,
  type Modules,
  type TaskCall,
  type TaskHooks,
  type TaskInput,
} from "./taskcall.js";
export { formatTask, readTask, type TaskResult, taskPath } from "./taskfile.js";
export { type Ended, poolTasks, runTasks, type TaskLoop, type TaskOptions } from "./tasks.js";
