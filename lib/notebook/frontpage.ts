/** A plain page of a run's figures, for a run folder without a gallery. */

import { join } from "node:path";
import { writeWhole } from "./atomic.js";
import type { ReproduceResult } from "./reproduce.js";

/** Write `index.html` into the run's folder. */
export async function writeFrontPage(result: ReproduceResult): Promise<string> {
  const items = result.nodes.flatMap((node) =>
    node.figures.map(
      (figure) =>
        `<figure><a href="figures/${figure}.html"><img src="figures/${figure}.png" alt="${figure}"></a><figcaption>${figure}</figcaption></figure>`,
    ),
  );
  const path = join(result.runFolder, "index.html");
  await writeWhole(
    path,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Figures</title><body>${items.join("\n")}</body></html>\n`,
  );
  return path;
}
