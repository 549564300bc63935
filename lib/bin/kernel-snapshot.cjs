// What the kernel's start-up snapshot holds; `lib/kernel/snapshot.ts` runs this while V8 records:
// node --snapshot-blob FILE --build-snapshot kernel-snapshot.cjs TYPESCRIPT TYPES
// It loads TypeScript and parses and binds the declarations of its library and of Node, with the
// options of cells. Only Node's own modules can be required here.
const { Console } = require("node:console");
const fs = require("node:fs");
const { dirname, join } = require("node:path");

const [typescript, types] = process.argv.slice(-2);
const CELL = "/cell.ts";
const SAMPLE = "export {}; const a = [1]; console.log(a); export const b = a.map((x) => x + 1);";

const ts = load(typescript);
const files = new Map();
const program = ts.createProgram([CELL], cellOptions(), makeHost());
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
}
program.emit(program.getSourceFile(CELL)); // V8 keeps the code that has run
globalThis[Symbol.for("carbonbook.snapshot")] = {
  typescript: stamp(typescript),
  ts,
  files,
  Console,
};

/** Run a CommonJS module that needs none but Node's own. */
function load(path) {
  const module = { exports: {} };
  const names = ["exports", "require", "module", "__filename", "__dirname"];
  const run = new Function(...names, fs.readFileSync(path, "utf8"));
  run.call(module.exports, module.exports, require, module, path, dirname(path));
  return module.exports;
}

function cellOptions() {
  return {
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    typeRoots: [types],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    skipLibCheck: true,
    declaration: true,
    inlineSourceMap: true,
  };
}

function makeHost() {
  const isA = (kind) => (path) => fs.statSync(path, { throwIfNoEntry: false })?.[kind]() ?? false;
  return {
    getSourceFile(path, options) {
      if (path === CELL) return ts.createSourceFile(path, SAMPLE, options);
      const file = ts.createSourceFile(path, fs.readFileSync(path, "utf8"), options);
      files.set(path, { file, ...stamp(path) });
      return file;
    },
    getDefaultLibLocation: () => dirname(typescript),
    getDefaultLibFileName: () => join(dirname(typescript), "lib.d.ts"),
    fileExists: isA("isFile"),
    directoryExists: isA("isDirectory"),
    readFile: (path) => fs.readFileSync(path, "utf8"),
    writeFile: () => undefined,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
  };
}

/** What tells whether a file is still the one that was read. */
function stamp(path) {
  const { size, mtimeMs } = fs.statSync(path);
  return { path, size, mtimeMs };
}
