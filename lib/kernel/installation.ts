/** Where this installation of the library lies, seen from its source and from its build. */
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ABOVE = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the rooms are built: types and code of `carbonbook/…` come from here. */
export const DIST = basename(ABOVE) === "dist" ? ABOVE : join(ABOVE, "dist");

/** The package's folder, with `package.json` and `bin/`. */
export const PACKAGE = dirname(DIST);
