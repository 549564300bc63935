/**
 * The tower half on the 204 real sites of CARDAMOM-FluxVal, five seeds of folds. The rule: the networks'
 * mean NSE is at least 0.35, and at least 0.03 above ridge regression's.
 */

import { locate } from "carbonbook/data";
import { openEngine } from "carbonbook/learn";
import { meanOf, readCardamom, scoreSites, testBySite } from "carbonbook/nee";

const folder = locate("cardamom_fluxval");
if (folder === undefined) throw new Error("the data set cardamom_fluxval is not here");
const { sites, steps } = readCardamom(folder);
const engine = await openEngine({ threads: 1 });
const scores: { network: number; ridge: number }[] = [];
for (const seed of [1, 2, 3, 4, 5]) {
  const test = await testBySite(sites, steps, { seed, members: 2, engine });
  const tropics = (site: number) => Math.abs(sites[site]!.latitude) < 23.5;
  const network = scoreSites(test.table, test.network);
  const ridge = scoreSites(test.table, test.ridge);
  console.log(seed, { network, ridge, tropics: scoreSites(test.table, test.network, tropics) });
  scores.push({ network: network.nse, ridge: ridge.nse });
}
const [network, ridge] = [meanOf(scores.map((s) => s.network)), meanOf(scores.map((s) => s.ridge))];
const holds = network >= 0.35 && network >= ridge + 0.03;
console.log(
  `network ${network.toFixed(4)}, ridge ${ridge.toFixed(4)}: ${holds ? "holds" : "differs"}`,
);
