/**
 * Print the table of all cases: case, expected, got, tolerance.
 *
 *   npx esbuild validation/lagrangian/run.ts --bundle --platform=node --format=esm \
 *     --packages=external --tsconfig-raw='{}' --outfile=runs/validation.mjs && node runs/validation.mjs
 */
import { printTable } from "./case.js";
import { EDDY_CASES } from "./eddy-cases.js";
import { GYRE_CASES } from "./gyre-cases.js";
import { RANDOM_CASES } from "./random-cases.js";
import { SCHEME_CASES } from "./scheme-cases.js";
import { VERTICAL_CASES } from "./vertical-cases.js";

const failed = await printTable([
  ...EDDY_CASES,
  ...GYRE_CASES,
  ...VERTICAL_CASES,
  ...RANDOM_CASES,
  ...SCHEME_CASES,
]);
console.log(failed === 0 ? "all within tolerance" : `${failed} outside tolerance`);
process.exitCode = failed === 0 ? 0 : 1;
