/** Tasks into job arrays: by level of the graph and demands, packed, cut and written as batch scripts. */

import type { ClusterProfile, Demands } from "./slurm-profile.js";
import type { Unit } from "./unit.js";

/** One job array. */
export interface Batch {
  /** as `level1-01-sum-squares` */
  readonly name: string;
  /** the tasks of each element, in the order they run */
  readonly elements: readonly (readonly string[])[];
  /** tasks in an element, but for the last */
  readonly pack: number;
  readonly demands: Demands;
  /** units it has tasks of, and units that must be done before it starts */
  readonly units: readonly string[];
  readonly needs: readonly string[];
}

/** What the plan is made from. */
export interface PlanInput {
  readonly units: readonly Unit[];
  /** tasks to submit, those of each unit in their order */
  readonly pending: ReadonlySet<string>;
  readonly cluster: ClusterProfile;
  /** what a task asks for */
  demandsOf(unit: Unit, task: string): Demands;
  /** about how long a task of a unit takes [s] */
  secondsOf(unit: Unit): number;
}

interface Group {
  readonly name: string;
  readonly demands: Demands;
  readonly tasks: string[];
  readonly units: Set<string>;
  readonly needs: Set<string>;
  seconds: number;
}

/** Plan the arrays: each level's notebooks together, each loop by itself, equal demands in one array. */
export function planBatches(input: PlanInput): Batch[] {
  const levels = levelsOf(input.units, input.pending);
  const groups = new Map<string, Group>();
  for (const unit of input.units) {
    for (const task of unit.tasks.filter((id) => input.pending.has(id))) {
      const level = levels.get(unit.name)!;
      const demands = input.demandsOf(unit, task);
      const name = `level${level}-${unit.loop === undefined ? "notebooks" : unit.name.replace("/", "-")}`;
      const key = `${String(level).padStart(4)} ${name} ${JSON.stringify(demands)}`;
      const fresh: Group = {
        name,
        demands,
        tasks: [],
        units: new Set(),
        needs: new Set(),
        seconds: 0,
      };
      const group = groups.get(key) ?? fresh;
      groups.set(key, group);
      group.tasks.push(task);
      group.units.add(unit.name);
      group.seconds += input.secondsOf(unit);
      for (const need of unit.needs) group.needs.add(need);
    }
  }
  const inOrder = [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return inOrder.flatMap(([, group]) => cut(group, input.cluster));
}

/** How many levels of pending units lie below each, from 1. */
function levelsOf(units: readonly Unit[], pending: ReadonlySet<string>): Map<string, number> {
  const levels = new Map<string, number>();
  for (const unit of units) {
    const below = Math.max(0, ...unit.needs.map((need) => levels.get(need) ?? 0));
    const waits = unit.tasks.some((task) => pending.has(task));
    levels.set(unit.name, below + (waits ? 1 : 0));
  }
  return levels;
}

function cut(group: Group, cluster: ClusterProfile): Batch[] {
  const { tasks, demands } = group;
  const seconds = Math.max(group.seconds / tasks.length, 1e-3);
  const wanted = Math.ceil((60 * cluster.packMinutes) / seconds);
  const allowed = Math.floor((60 * demands.minutes) / 2 / seconds);
  const most = Math.max(1, Math.min(wanted, allowed, tasks.length));
  const pack = Math.ceil(tasks.length / Math.ceil(tasks.length / most)); // none much shorter than others
  const elements = slices(tasks, pack);
  const arrays = slices(elements, Math.floor(cluster.arraySize));
  return arrays.map((part, i) => ({
    name: arrays.length === 1 ? group.name : `${group.name}-part${i + 1}`,
    elements: part,
    pack,
    demands,
    units: [...group.units],
    needs: [...group.needs],
  }));
}

function slices<T>(list: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, i) =>
    list.slice(i * length, (i + 1) * length),
  );
}

/** Where a batch runs and what it starts. */
export interface ScriptPlace {
  readonly root: string;
  readonly profile: string;
  /** name that all jobs of one submission share */
  readonly jobName: string;
  /** the bundled command line */
  readonly program: string;
  /** file of the batch's tasks, one a line */
  readonly list: string;
  /** folder of the jobs' logs */
  readonly logs: string;
  /** variables that a job must see as they are here */
  readonly env: Readonly<Record<string, string>>;
}

/** Write the batch script of an array; what it waits for is given to sbatch. */
export function writeScript(batch: Batch, cluster: ClusterProfile, place: ScriptPlace): string {
  const { demands, elements, pack } = batch;
  const throttle = cluster.concurrent > 0 ? `%${cluster.concurrent}` : "";
  const named = (["partition", "account", "qos", "constraint"] as const).filter(
    (key) => cluster[key] !== "",
  );
  const options = [
    `--job-name=${place.jobName}`,
    `--comment=${batch.name}`,
    `--array=0-${elements.length - 1}${throttle}`,
    ...named.map((key) => `--${key}=${cluster[key]}`),
    "--nodes=1 --ntasks=1",
    `--cpus-per-task=${demands.cpus}`,
    `--mem=${Math.ceil(demands.memory)}M`,
    `--time=${Math.ceil(demands.minutes)}`,
    ...(demands.gpus > 0 ? [`--gres=gpu:${demands.gpus}`] : []),
    "--requeue",
    "--kill-on-invalid-dep=yes",
    "--open-mode=append",
    `--output=${quote(`${place.logs}/%A_%a.log`)}`,
  ];
  return [
    "#!/bin/bash",
    ...options.map((option) => `#SBATCH ${option}`),
    "set -eu",
    ...cluster.setup,
    ...Object.entries(place.env).map(([name, value]) => `export ${name}=${quote(value)}`),
    `cd ${quote(place.root)}`,
    `exec node ${quote(place.program)} run-task --root . --profile ${place.profile} \\`,
    `  --from ${quote(place.list)} --lines "$((SLURM_ARRAY_TASK_ID * ${pack})):${pack}"`,
    "",
  ].join("\n");
}

/** A word of shell. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
