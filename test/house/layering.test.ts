import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const lib = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "lib");

/** The rows of the house, lowest first: a room imports only from rows below its own. */
const ROWS = [
  ["core"],
  ["io", "stats", "figures", "parallel", "jupyter"],
  ["learn", "ocean"],
  ["lagrangian"],
  ["catchment", "flux", "biomes", "nee", "soc"],
  ["data"],
  ["kernel", "notebook"],
  ["workshop"],
  ["cli"],
];

/** Each outside package and the rooms that may import it: one, but for the yaml parser. */
const OUTSIDE: Readonly<Record<string, string>> = {
  netcdfjs: "io",
  h5wasm: "io",
  zarrita: "io",
  fflate: "io",
  "ml-matrix": "stats",
  "plotly.js-cartesian-dist-min": "figures",
  "plotly.js-gl3d-dist-min": "figures",
  jsdom: "figures",
  "@napi-rs/canvas": "figures",
  "@resvg/resvg-js": "figures",
  "danfojs-node": "figures",
  "world-atlas": "figures",
  "topojson-client": "figures",
  piscina: "parallel",
  zeromq: "jupyter",
  "onnxruntime-node": "learn",
  "onnx-proto": "learn",
  "@tensorflow/tfjs": "learn",
  "fft.js": "ocean",
  tslab: "kernel",
  typescript: "kernel", // its types; the code is tslab's
  execa: "notebook",
  esbuild: "notebook",
  marked: "notebook",
  "highlight.js": "notebook",
  "sanitize-html": "notebook",
  yaml: "notebook cli",
  commander: "cli",
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function importsOfLibrary(): Import[] {
  const found: Import[] = [];
  for (const entry of readdirSync(lib, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const file = relative(lib, path);
    const outside = /^(dist|bin|node_modules)/.test(file);
    if (!entry.isFile() || !entry.name.endsWith(".ts") || outside) continue;
    const { importedFiles } = ts.preProcessFile(readFileSync(path, "utf8"), true, true);
    const room = file.split(sep)[0] as string;
    for (const { fileName } of importedFiles) found.push({ file, room, target: fileName });
  }
  return found;
}

function rowOf(room: string): number {
  return ROWS.findIndex((row) => row.includes(room));
}

function packageOf(target: string): string {
  return target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
}

const imports = importsOfLibrary();
const local = imports.filter(({ target }) => target.startsWith("."));

test("every room stands on a row", () => {
  const rooms = [...new Set(imports.map(({ room }) => room))];
  expect(rooms.filter((room) => rowOf(room) === -1)).toEqual([]);
});

test("a room imports only from rows below its own, and through the one door", () => {
  const wrong = local.filter(({ file, room, target }) => {
    const [other, ...inside] = normalize(join(dirname(file), target)).split(sep);
    if (other === room) return false;
    return rowOf(other as string) >= rowOf(room) || inside.join("/") !== "index.js";
  });
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("an outside package is imported by the room that owns it", () => {
  const wrong = imports.filter(({ room, target }) => {
    if (target.startsWith(".") || target.startsWith("node:")) return false;
    if (builtinModules.includes(target)) return false;
    return !OUTSIDE[packageOf(target)]?.split(" ").includes(room);
  });
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});
