/**
 * What cells and the local files next to them import. Packages are loaded by Node's own `import()`
 * from the notebook's folder, so `exports` maps and import conditions hold; `carbonbook/…` is
 * always the kernel's own installation. Local `.ts` files are run here, from the compiler's output,
 * and again when they or a file they import have changed.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { DataError } from "../core/index.js";
import type { LocalModule } from "./compiler.js";
import { DIST } from "./installation.js";
import { type LineMap, lineMap } from "./lowering.js";
import { ts } from "./shelf.js";

type Namespace = Readonly<Record<string, unknown>>;

/** The modules of one session. */
export interface Modules {
  /** Take new output of local files; loads what they import from packages. */
  update(changed: readonly LocalModule[]): Promise<void>;
  /** Load a module for the cells, as a dynamic `import()` or before a cell runs. */
  load(specifier: string): Promise<Namespace>;
  /** A name of a module that was loaded; `*` is the namespace. */
  pick(specifier: string, name: string): unknown;
  /** CommonJS `require` from the notebook's folder. */
  readonly require: NodeJS.Require;
  /** How lines of a local file's code map to its source. */
  lineMapOf(path: string): LineMap | undefined;
}

interface Local {
  readonly code: string;
  /** absolute output paths of the local files it imports */
  readonly needs: readonly string[];
  readonly lineOf: LineMap;
  exports: Record<string, unknown> | undefined;
}

/** Make the modules of a session whose cells live in `folder`. */
export function makeModules(folder: string): Modules {
  const require = createRequire(join(folder, "notebook.js"));
  const locals = new Map<string, Local>();
  const loaded = new Map<string, Namespace>();
  const importers = new Map<string, (specifier: string) => Promise<Namespace>>();

  async function loadFrom(base: string, specifier: string): Promise<Namespace> {
    const path = localPath(base, specifier);
    const local = path !== undefined && locals.has(path);
    if (local) return runLocal(path);
    if (specifier.endsWith(".json")) {
      const value = createRequire(join(base, "notebook.js"))(specifier);
      return { ...value, default: value };
    }
    const importer = importers.get(base) ?? makeImporter(base);
    importers.set(base, importer);
    const namespace = interoperable(await importer(ownRoom(specifier) ?? specifier));
    loaded.set(`${base}\n${specifier}`, namespace);
    return namespace;
  }

  function runLocal(path: string): Namespace {
    const local = locals.get(path)!;
    if (local.exports !== undefined) return local.exports;
    const module = { exports: {} as Record<string, unknown> };
    local.exports = module.exports;
    const base = dirname(path);
    const requireHere = (specifier: string): unknown => {
      const other = localPath(base, specifier);
      if (other !== undefined && locals.has(other)) return runLocal(other);
      const namespace = loaded.get(`${base}\n${specifier}`);
      if (namespace !== undefined) return Object.assign({ __esModule: true }, namespace);
      return createRequire(path)(specifier);
    };
    try {
      const head = "(function (exports, require, module, __filename, __dirname) {\n";
      const script = new vm.Script(`${head}${local.code}\n})`, { filename: path, lineOffset: -1 });
      script.runInThisContext()(module.exports, requireHere, module, path, base);
    } catch (error) {
      local.exports = undefined;
      throw error;
    }
    local.exports = module.exports;
    return module.exports;
  }

  function forget(path: string): void {
    for (const [other, local] of locals) {
      if (!local.needs.includes(path) || local.exports === undefined) continue;
      local.exports = undefined;
      forget(other);
    }
  }

  return {
    require,
    load: (specifier) => loadFrom(folder, specifier),
    pick(specifier, name) {
      const path = localPath(folder, specifier);
      const local = path === undefined ? undefined : locals.get(path)?.exports;
      return pickFrom(
        local ?? loaded.get(`${folder}\n${specifier}`) ?? require(specifier),
        name,
        specifier,
      );
    },
    async update(changed) {
      for (const { path, js } of changed) {
        const specifiers = ts.preProcessFile(js).importedFiles.map((one) => one.fileName);
        const needs = specifiers.flatMap((one) => localPath(dirname(path), one) ?? []);
        locals.set(path, { ...toCommonJs(js), needs, exports: undefined });
      }
      for (const { path } of changed) forget(path);
      for (const { path, js } of changed) {
        for (const { fileName } of ts.preProcessFile(js).importedFiles) {
          const other = localPath(dirname(path), fileName);
          if (other === undefined || !locals.has(other)) await loadFrom(dirname(path), fileName);
        }
      }
    },
    lineMapOf: (path) => locals.get(path)?.lineOf,
  };
}

/** The compiler's output path for a relative import. */
function localPath(base: string, specifier: string): string | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined;
  const path = resolve(base, specifier).replace(/\.[cm]?[tj]sx?$/, "");
  return `${path}.js`;
}

function ownRoom(specifier: string): string | undefined {
  const room = /^carbonbook\/([a-z]+)$/.exec(specifier)?.[1];
  const path = room === undefined ? undefined : join(DIST, room, "index.js");
  return path !== undefined && existsSync(path) ? pathToFileURL(path).href : undefined;
}

/** Node's own `import()`, as written in a file in `base`. */
function makeImporter(base: string): (specifier: string) => Promise<Namespace> {
  return vm.runInThisContext("(specifier) => import(specifier)", {
    filename: join(base, "notebook.mjs"),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER as never,
  });
}

/** A CommonJS package as its types see it: compiled from ES modules, its `default` is not itself. */
function interoperable(namespace: Namespace): Namespace {
  const own = namespace.default as Namespace | undefined;
  const compiled = typeof own === "object" && own !== null && own.__esModule === true;
  return compiled ? { ...own, default: "default" in own ? own.default : own } : namespace;
}

function pickFrom(module: Namespace, name: string, specifier: string): unknown {
  const whole = module.default as Namespace | undefined;
  if (name === "*") {
    const onlyDefault = Object.keys(module).join() === "default" && typeof whole === "object";
    return onlyDefault ? { ...whole, default: whole } : module;
  }
  if (name in module) return module[name];
  if (name === "default") return module;
  if (whole !== null && typeof whole === "object" && name in whole) return whole[name];
  throw new DataError({
    what: `import of ${name}`,
    where: specifier,
    wanted: "an export",
    got: "none",
  });
}

function toCommonJs(js: string): Pick<Local, "code" | "lineOf"> {
  const { outputText } = ts.transpileModule(js, {
    fileName: "local.js",
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      inlineSourceMap: true,
    },
  });
  const outer = lineMap(outputText, 0);
  const inner = lineMap(js, 0);
  return { code: outputText, lineOf: (line, column) => inner(outer(line, column), 1) };
}
