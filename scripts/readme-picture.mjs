// Take the README's picture from the last quick run: `npm run reproduce`, then this.
import { copyFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const drawn = join(root, "runs", "quick", "figures", "picard2024", "sources-shelf.png");
if (!existsSync(drawn)) {
  process.stderr.write(`${drawn} is not there; run "npm run reproduce" first\n`);
  process.exit(1);
}
copyFileSync(drawn, join(root, "docs", "sources-shelf.png"));
