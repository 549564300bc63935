/**
 * From the ES module that the compiler emits to a function the kernel can run. Done as edits of
 * the text, so that lines stay where they are and the source map stays true.
 *
 * What a cell declares lives on in holders (`variables.ts`), which later cells and callbacks share.
 * A `let` or `var` is in its holder from the start: `depth` is written `__of_depth.depth`. What
 * cannot change (`const`, functions, classes, imports) stays local and is copied to its holder once.
 * Every `await` and `for await` asks the kernel whether the cell was interrupted.
 */
import { SourceMap, type SourceMapPayload, type SourceMapping } from "node:module";
import type * as TS from "typescript";
import { type Edit, holderName, type Names, rewrite } from "./rewriting.js";
import {
  boundNames,
  exportedNames,
  isFunctionOrClass,
  mentionedNames,
  parseJs,
  topVariables,
} from "./scope.js";
import { ts } from "./shelf.js";

/** A cell as a function. */
export interface Lowered {
  /** `(async function (__kernel, __out, require, …timers) {…})`, at line offset -1 */
  readonly source: string;
  /** parameters after `require`: the timers, but for names the cell declares itself */
  readonly timers: readonly Timer[];
  readonly isAsync: boolean;
  /** specifiers of the modules that must be loaded before the cell runs */
  readonly imports: readonly string[];
  /** names of the values the cell declares */
  readonly names: readonly string[];
  /** the line of the cell, from 1, that a line and column of the code, from 1, come from */
  readonly lineOf: LineMap;
}

/** From a line and column of emitted code to a line of its source, all from 1. */
export type LineMap = (line: number, column: number) => number;

/** The functions of Node that run code of a cell later. */
export type Timer = "setTimeout" | "setInterval" | "setImmediate" | "queueMicrotask";

const TIMERS: readonly Timer[] = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"];

/**
 * Make the function of a cell.
 *
 * @param js             the cell as an ES module with an inline source map
 * @param lastExpression name of the exported constant that holds the cell's value
 * @param earlier        names that earlier cells have declared
 */
export function lower(
  js: string,
  lastExpression: string | undefined,
  earlier: { has(name: string): boolean },
): Lowered {
  const file = parseJs(js);
  const imports = file.statements.filter(ts.isImportDeclaration);
  const declared = exportedNames(file);
  const top = topVariables(file);
  const held = new Set(declared.filter((name) => top.names.has(name)));
  const names: Names = { file, held, earlier, used: new Set(declared) };
  const fixed = new Set(declared.filter((name) => !held.has(name)));
  const body = applyEdits(
    js,
    file.statements.flatMap((one) => editStatement(one, { names, fixed, lastExpression })),
  );

  const timers = TIMERS.filter((name) => !declared.includes(name));
  const isAsync = hasTopLevelAwait(file);
  const head = `__kernel, __out, require, ${timers.join(", ")}`;
  const prologue = [
    ...imports.flatMap(importBindings),
    ...[...names.used].map(holding),
    ...top.early.filter((name) => held.has(name)).map(undefine),
    ...hoistedFunctions(file, fixed),
  ].join(" ");
  return {
    source: `(${isAsync ? "async " : ""}function (${head}) { ${prologue}\n${body}\n})`,
    timers,
    isAsync,
    imports: imports.map((one) => (one.moduleSpecifier as TS.StringLiteral).text),
    names: declared,
    lineOf: lineMap(js, 1),
  };
}

/**
 * Read the inline source map of `js`.
 *
 * @param prefixLines lines that stand before the true source
 */
export function lineMap(js: string, prefixLines: number): LineMap {
  let map: SourceMap | undefined;
  return (line, column) => {
    const found = /\/\/# sourceMappingURL=data:[^,]*,(\S+)\s*$/.exec(js);
    if (found === null) return line;
    map ??= new SourceMap(
      JSON.parse(Buffer.from(found[1]!, "base64").toString()) as SourceMapPayload,
    );
    const near = map.findEntry(line - 1, Math.max(0, column - 1)) as Partial<SourceMapping>;
    const { originalLine } =
      near.generatedLine === line - 1
        ? near
        : (map.findEntry(line - 1, Number.MAX_SAFE_INTEGER) as Partial<SourceMapping>);
    return originalLine === undefined ? line : originalLine + 1 - prefixLines;
  };
}

/** `const a = …` for each name that an import declares. */
function importBindings(statement: TS.ImportDeclaration): string[] {
  const from = statement.moduleSpecifier.getText();
  const pick = (local: string, name: string) =>
    `const ${local} = __kernel.pick(${from}, ${JSON.stringify(name)});`;
  const { importClause: clause } = statement;
  if (clause === undefined) return [];
  const { name, namedBindings: bindings } = clause;
  const own = name === undefined ? [] : [pick(name.text, "default")];
  if (bindings === undefined) return own;
  if (ts.isNamespaceImport(bindings)) return [...own, pick(bindings.name.text, "*")];
  return [
    ...own,
    ...bindings.elements.map((one) => pick(one.name.text, (one.propertyName ?? one.name).text)),
  ];
}

function holding(name: string): string {
  return `const ${holderName(name)} = __kernel.hold(${JSON.stringify(name)});`;
}

function undefine(name: string): string {
  return `${holderName(name)}.${name} = undefined;`;
}

/** Functions and imports are there from the start. */
function hoistedFunctions(file: TS.SourceFile, fixed: ReadonlySet<string>): string[] {
  const early = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) early.add(statement.name.text);
    if (ts.isImportDeclaration(statement) && statement.importClause) {
      for (const name of mentionedNames(statement.importClause)) early.add(name);
    }
  }
  return [...early].filter((name) => fixed.has(name)).map(copy);
}

function copy(name: string): string {
  return `${holderName(name)}.${name} = ${name};`;
}

/** What the edit of a statement needs to know. */
interface Context {
  readonly names: Names;
  /** values that never change, copied to their holders once */
  readonly fixed: ReadonlySet<string>;
  readonly lastExpression: string | undefined;
}

function editStatement(statement: TS.Statement, context: Context): Edit[] {
  const { names, fixed, lastExpression } = context;
  const { file } = names;
  const [start, end] = [statement.getStart(file), statement.end];
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
    const lines = file.text.slice(start, end).replace(/[^\n]/g, "");
    return [{ start, end, text: lines }];
  }
  const inner = rewrite(statement, names);
  if (ts.isExportAssignment(statement)) {
    return [{ start, end: statement.expression.getStart(file), text: "" }, ...inner];
  }
  if (ts.isVariableStatement(statement)) {
    const one = statement.declarationList.declarations[0]!;
    if (lastExpression !== undefined && one.name.getText(file) === lastExpression) {
      return [{ start, end: one.initializer!.getStart(file), text: "__out.value = " }, ...inner];
    }
  }
  const copies = fixedNames(statement).filter((name) => fixed.has(name));
  const text = copies.length === 0 ? "" : ` ;${copies.map(copy).join(" ")}`;
  return [...inner, { start: end, end, text }];
}

/** Names that a `const` or `class` statement declares. */
function fixedNames(statement: TS.Statement): string[] {
  if (ts.isClassDeclaration(statement) && statement.name) return [statement.name.text];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
}

function hasTopLevelAwait(file: TS.SourceFile): boolean {
  const visit = (node: TS.Node): boolean => {
    if (isFunctionOrClass(node)) return false;
    if (ts.isAwaitExpression(node)) return true;
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(file);
}

/** Apply edits; those at the same place in the order given. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  let result = "";
  let at = 0;
  for (const edit of sorted) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
