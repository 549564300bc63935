/**
 * The seam to the TypeScript compiler: cell in, checked JavaScript out, with completion and
 * inspection. Behind it stands tslab's converter, with its copy of TypeScript patched at one place
 * (`createWatchCompilerHost`), so that
 * - packages resolve by their `exports` maps, and `carbonbook/…` to this very installation;
 * - strictness is chosen per cell;
 * - a cell is built once: the converter builds an empty cell when it starts, and each cell a second
 *   time to export the names it found; it finds the text it wants already there;
 * - nothing is kept about which files a change affects: each cell is checked by itself;
 * - files in node_modules are not watched (the converter polls hundreds of them), and local files
 *   are looked at when a cell runs, so that a change is never missed;
 * - the output stays an ES module with a source map; `lowering.ts` makes it a function.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import type * as TS from "typescript";
import { makeExporter } from "./exporter.js";
import { DIST } from "./installation.js";
import { buildOnce } from "./program.js";
import { makeRepeats } from "./repeats.js";
import { isKey, parse } from "./scope.js";
import { ts } from "./shelf.js";
import { watchLocalFiles } from "./watch.js";

/** One complaint of the type checker. Lines and columns count from 0. */
export interface Diagnostic {
  readonly code: number;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** the local file it is in; absent for the cell itself */
  readonly file?: string;
}

/** A local `.ts` or `.js` file that a cell imports, as an ES module with an inline source map. */
export interface LocalModule {
  /** absolute path of the output, as `/home/me/model.js` for `model.ts` */
  readonly path: string;
  readonly js: string;
}

/** A cell that passed the type checker. */
export interface CheckedCell {
  /** an ES module with an inline source map, its first source line the converter's own */
  readonly js: string;
  /** name of the exported constant that holds the value of the last expression */
  readonly lastExpression?: string;
  /** local modules that are new or have changed */
  readonly modules: readonly LocalModule[];
  /** Make the cell's declarations known to the next cells. */
  commit(): void;
}

/** What can be typed at a place, and the text it replaces, as offsets. */
export interface Completion {
  readonly matches: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** The compiler of one session. */
export interface Compiler {
  /** Check and transpile a cell; the diagnostics say why not. */
  check(code: string, options: { strict: boolean }): CheckedCell | readonly Diagnostic[];
  complete(code: string, offset: number): Completion;
  /** Describe the name at `offset`: signature, documentation, tags. */
  inspect(code: string, offset: number): string | undefined;
  readonly version: string;
  /** Make ready for the first cell, where there is time before it comes. */
  warm(): void;
  close(): void;
}

interface Position {
  readonly line: number;
  readonly character: number;
  readonly offset: number;
}
interface Converted {
  readonly output?: string;
  readonly declOutput?: string;
  readonly lastExpressionVar?: string;
  readonly sideOutputs?: readonly { path: string; data: string }[];
  readonly diagnostics: readonly {
    start: Position;
    end: Position;
    messageText: string;
    code: number;
    fileName?: string;
  }[];
}
interface Converter {
  convert(declarations: string, code: string): Converted;
  complete(
    declarations: string,
    code: string,
    offset: number,
  ): {
    start: number;
    end: number;
    candidates: string[];
  };
  inspect(declarations: string, code: string, offset: number): object | undefined;
  close(): void;
}

const require = createRequire(import.meta.url);

/**
 * Start a compiler for cells that live in `folder`, which must be the working folder.
 */
export function makeCompiler(folder: string): Compiler {
  const options = cellOptions(folder);
  const files = watchLocalFiles(folder);
  const names = makeExporter(join(folder, "__tslab__.ts"));
  const repeats = makeRepeats();
  let converter: Converter | undefined;
  const converterFor = (code: string): Converter => {
    converter ??= names.starting(code, () =>
      startConverter(files.system, (given, system) => {
        names.patch(system);
        files.patch(system);
        return Object.assign(options, { ...given, ...options });
      }),
    );
    return converter;
  };
  let declarations = "";

  return {
    version: ts.version,
    check(code, { strict }) {
      if (files.poll()) repeats.forget();
      const now = { declarations, strict };
      const known = repeats.find(code, now);
      if (known !== undefined) return known;
      const syntax = syntaxErrors(code);
      if (syntax.length > 0) return syntax;
      options.strict = strict;
      const bare = withoutExports(code);
      const converted = names.during(() =>
        quietly(() => converterFor(bare).convert(declarations, bare)),
      );
      if (converted.diagnostics.length > 0) return converted.diagnostics.map(asDiagnostic);
      const checked = asChecked(converted, (kept) => {
        declarations = kept;
      });
      repeats.keep(code, now, checked);
      return checked;
    },
    complete(code, offset) {
      const { candidates, start, end } = converterFor("").complete(declarations, code, offset);
      return { matches: candidates, start, end };
    },
    inspect(code, offset) {
      const info = converterFor("").inspect(declarations, code, offset);
      const { printQuickInfo } = require("tslab/dist/inspect");
      return info === undefined ? undefined : printQuickInfo(info);
    },
    warm: () => void converterFor(""),
    close: () => converter?.close(),
  };
}

function cellOptions(folder: string): TS.CompilerOptions {
  return {
    strict: false,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    customConditions: ["node"],
    types: ["node"],
    paths: {
      "carbonbook/*": [join(DIST, "*", "index.d.ts")],
      // a name for types that a package's `exports` map hides but its functions return
      "npm:*": packageFolders(folder).map((path) => `${relativeTo(folder, path)}/*`),
    },
    inlineSourceMap: true,
    // a switch of tslab's TypeScript: with it off, top-level await is as in any module
    ...{ disableTopLevelAwait: false },
  };
}

/** The folders of packages that modules in `folder` can import. */
function packageFolders(folder: string): string[] {
  const up = dirname(folder) === folder ? [] : packageFolders(dirname(folder));
  const here = join(folder, "node_modules");
  return existsSync(here) ? [here, ...up] : up;
}

function relativeTo(folder: string, path: string): string {
  const way = relative(folder, path);
  return way.startsWith("..") ? way : `./${way}`;
}

/** Load the converter on a patched copy of its TypeScript. */
function startConverter(
  system: TS.System,
  patch: (given: TS.CompilerOptions, system: TS.System) => TS.CompilerOptions,
): Converter {
  type Host = TS.WatchCompilerHost<TS.BuilderProgram>;
  const createHost = ts.createWatchCompilerHost as unknown as (...args: unknown[]) => Host;
  const cached = require.cache[require.resolve("@tslab/typescript-for-tslab")]!;
  cached.exports = {
    ...ts,
    sys: system,
    factory: keepingKeys(ts.factory),
    createWatchCompilerHost: (
      roots: string[],
      given: TS.CompilerOptions,
      sys: TS.System,
      ...rest: unknown[]
    ) => {
      const host = createHost(roots, patch(given, sys), sys, ...rest);
      return Object.assign(host, { createProgram: buildOnce });
    },
    transpileModule: (js: string) => ({ outputText: js }), // keep the ES module
  };
  try {
    delete require.cache[require.resolve("tslab/dist/converter")];
    return require("tslab/dist/converter").createConverter();
  } finally {
    cached.exports = ts;
  }
}

/**
 * The converter writes names of earlier cells as `exports.name`, and keys of patterns too where
 * their type comes from an earlier cell: `({ name: mine }) => …`. A key stays as it is.
 */
function keepingKeys(factory: TS.NodeFactory): TS.NodeFactory {
  const createPropertyAccessExpression = (of: TS.Expression, name: TS.MemberName) =>
    isKey(name) ? name : factory.createPropertyAccessExpression(of, name);
  return { ...factory, createPropertyAccessExpression } as TS.NodeFactory;
}

/** The converter warns when its second look finds nothing new. That is what we want. */
function quietly<T>(work: () => T): T {
  const { console } = globalThis; // a cell may have taken it away
  globalThis.console = SILENT;
  try {
    return work();
  } finally {
    globalThis.console = console;
  }
}

const SILENT: Console = { ...console, warn: () => undefined };

/** Blank out the `export` before declarations: a cell exports all it declares. */
function withoutExports(code: string): string {
  let result = code;
  for (const statement of parse(code).statements) {
    if (!ts.canHaveModifiers(statement)) continue;
    const [first, second] = ts.getModifiers(statement) ?? [];
    if (first?.kind !== ts.SyntaxKind.ExportKeyword) continue;
    if (second?.kind === ts.SyntaxKind.DefaultKeyword) continue;
    const start = first.getStart();
    result = `${result.slice(0, start)}      ${result.slice(start + "export".length)}`;
  }
  return result;
}

/** What the parser has to say against `code`. */
export function syntaxErrors(code: string): Diagnostic[] {
  const file = parse(code) as TS.SourceFile & { parseDiagnostics: TS.DiagnosticWithLocation[] };
  return file.parseDiagnostics.map(({ code, messageText, start, length }) => {
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    return { code, text, line, column: character, length };
  });
}

function asDiagnostic(given: Converted["diagnostics"][number]): Diagnostic {
  return {
    code: given.code,
    text: given.messageText,
    line: given.start.line,
    column: given.start.character,
    length: given.end.offset - given.start.offset,
    ...(given.fileName === undefined ? {} : { file: given.fileName }),
  };
}

function asChecked(converted: Converted, commit: (declarations: string) => void): CheckedCell {
  const { output = "", declOutput, lastExpressionVar, sideOutputs = [] } = converted;
  return {
    js: output,
    ...(lastExpressionVar === undefined ? {} : { lastExpression: lastExpressionVar }),
    modules: sideOutputs.map(({ path, data }) => ({ path, js: data })),
    commit: () => commit(declOutput ?? ""),
  };
}
