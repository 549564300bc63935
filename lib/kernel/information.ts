/** What the kernel says of itself. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PACKAGE } from "./installation.js";

/** The content of `kernel_info_reply`, with the versions that are really here. */
export function kernelInfo(): Readonly<Record<string, unknown>> {
  const require = createRequire(import.meta.url);
  const versionOf = (path: string): string => JSON.parse(readFileSync(path, "utf8")).version;
  const own = versionOf(join(PACKAGE, "package.json"));
  const typescript = versionOf(require.resolve("@tslab/typescript-for-tslab/package.json"));
  return {
    status: "ok",
    protocol_version: "5.4",
    implementation: "carbonbook",
    implementation_version: own,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `carbonbook ${own}: TypeScript ${typescript} on Node ${process.version}`,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/docs/" },
    ],
    debugger: false,
    supported_features: [],
  };
}
