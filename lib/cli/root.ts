/** The project a command works on. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { repositoryFolder } from "../notebook/index.js";

/** The root of the project: as named, else the present folder if it has notebooks, else this package's. */
export function findRoot(named: string | undefined): string {
  if (named !== undefined) return resolve(named);
  return existsSync(join(process.cwd(), "notebooks")) ? process.cwd() : repositoryFolder();
}
