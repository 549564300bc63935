/**
 * A big loop of a notebook, declared so that its rounds can run before it, each as a task: in
 * worker threads, or as jobs of a cluster. Under `metadata.carbonbook.tasks`:
 *
 * ```json
 * [{ "name": "members", "module": "carbonbook/catchment", "run": "makeMember",
 *    "count": "members", "seconds": 40 }]
 * ```
 *
 * `count` is a number, the name of a parameter that holds it, or a sum of products of such as
 * `2 + members * sizes`, where a list counts its entries; `seconds` says about how long a
 * round takes until one has run. `after` names loops written before it: its rounds start when all of
 * those have ended, and are told their values. A round may read what the notebook's `inputs` and
 * `data` name. In the notebook, `runTasks` of `carbonbook/parallel` gives the values.
 */

import { DataError } from "../core/index.js";

/** A declared loop. */
export interface Loop {
  readonly name: string;
  /** a room of the library, or a file beside the notebook as `./members.mjs` */
  readonly module: string;
  /** name of the module's exported function, which runs one round */
  readonly run: string;
  readonly count: number | string;
  /** how long a round takes, about [s] */
  readonly seconds?: number;
  /** loops of the same notebook whose values its rounds need */
  readonly after?: readonly string[];
}

/**
 * Read the declared loops of a notebook.
 *
 * @throws {DataError} if one lacks something, has something unknown or shares its name
 */
export function readLoops(declared: unknown, where: string): Loop[] {
  if (!Array.isArray(declared)) throw fault(where, "a list", JSON.stringify(declared));
  const loops = declared.map((entry: unknown) => readLoop(entry, where));
  const names = loops.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw fault(where, "a name for each loop", `"${twice}" twice`);
  for (const [i, { after = [] }] of loops.entries()) {
    const unknown = after.find((name) => !names.slice(0, i).includes(name));
    const wanted = "in after, loops that are written before it";
    if (unknown !== undefined) throw fault(where, wanted, `"${unknown}"`);
  }
  return loops;
}

function readLoop(entry: unknown, where: string): Loop {
  const { name, module, run, count, seconds, after, ...foreign } = Object(entry) as Record<
    string,
    unknown
  >;
  const good =
    typeof name === "string" &&
    /^[\w-]+$/.test(name) &&
    typeof module === "string" &&
    /^(carbonbook\/[a-z]+|\.\/.+)$/.test(module) &&
    typeof run === "string" &&
    ((typeof count === "string" && /^\w+(?: *[+*] *\w+)*$/.test(count)) ||
      (Number.isInteger(count) && Number(count) > 0)) &&
    (seconds === undefined || (typeof seconds === "number" && seconds >= 0)) &&
    (after === undefined || (Array.isArray(after) && after.every((n) => typeof n === "string"))) &&
    Object.keys(foreign).length === 0;
  const wanted =
    "name (letters, digits, - and _), module (carbonbook/<room> or ./<file>), run, count and perhaps seconds and after";
  if (!good) throw fault(where, wanted, JSON.stringify(entry));
  return {
    name,
    module,
    run,
    count: count as number | string,
    ...(seconds !== undefined && { seconds }),
    ...(after !== undefined && { after: after as string[] }),
  };
}

function fault(where: string, wanted: string, got: string): DataError {
  const what = "metadata.carbonbook.tasks";
  return new DataError({ where, what, wanted, got, remedy: "correct it" });
}
