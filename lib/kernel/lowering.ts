/**
 * From the ES module that the compiler emits to a function the kernel can run. Done as edits of
 * the text, so that lines stay where they are and the source map stays true.
 *
 * What a cell declares lives on as properties of one `exports` object, which later cells read.
 * - What no function can change stays a plain local variable, as fast as in any function, and is
 *   copied to `exports` after each statement that mentions it.
 * - A `let` or `var` that a function of the cell mentions becomes an accessor, so that a callback
 *   that fires later and a later cell see the same variable.
 * Every `await` and `for await` asks the kernel whether the cell was interrupted.
 */
import { SourceMap, type SourceMapPayload, type SourceMapping } from "node:module";
import type * as TS from "typescript";
import {
  capturedNames,
  endsOfDeclarations,
  exportedNames,
  isDeclared,
  isFunctionOrClass,
  mentionedNames,
  parseJs,
  variables,
} from "./scope.js";
import { ts } from "./shelf.js";

/** A cell as a function. */
export interface Lowered {
  /** `(async function (exports, __kernel, __out, require, …timers) {…})`, at line offset -1 */
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

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What the edits need to know. */
interface Context {
  readonly file: TS.SourceFile;
  /** names that are copied to `exports` when they may have changed */
  readonly copied: readonly string[];
  /** before these places a name has no value to be copied */
  readonly ends: ReadonlyMap<string, number>;
  /** values that never change, copied once */
  readonly fixed: readonly string[];
  /** names of earlier cells */
  readonly earlier: { has(name: string): boolean };
  readonly lastExpression: string | undefined;
}

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
  const names = exportedNames(file);
  const captured = capturedNames(file);
  const changing = names.filter((name) => variables(file).has(name));
  const shared = changing.filter((name) => captured.has(name));
  const copied = changing.filter((name) => !captured.has(name));
  const fixed = names.filter((name) => !changing.includes(name));
  const ends = endsOfDeclarations(file);
  const context: Context = { file, copied, ends, fixed, earlier, lastExpression };

  const timers = TIMERS.filter((name) => !names.includes(name));
  const isAsync = hasTopLevelAwait(file);
  const head = `exports, __kernel, __out, require, ${timers.join(", ")}`;
  const prologue = [
    ...imports.flatMap(importBindings),
    ...shared.map(shareWith),
    ...hoistedFunctions(file, fixed),
  ].join(" ");
  const body = applyEdits(
    js,
    file.statements.flatMap((one) => editStatement(one, context)),
  );
  return {
    source: `(${isAsync ? "async " : ""}function (${head}) { ${prologue}\n${body}\n})`,
    timers,
    isAsync,
    imports: imports.map((one) => (one.moduleSpecifier as TS.StringLiteral).text),
    names,
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

function shareWith(name: string): string {
  return `__kernel.share(${JSON.stringify(name)}, () => ${name}, (value) => { ${name} = value; });`;
}

/** Functions and imports are there from the start. */
function hoistedFunctions(file: TS.SourceFile, fixed: readonly string[]): string[] {
  const early = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) early.add(statement.name.text);
    if (ts.isImportDeclaration(statement) && statement.importClause) {
      for (const name of mentionedNames(statement.importClause)) early.add(name);
    }
  }
  return fixed.filter((name) => early.has(name)).map(copy);
}

function copy(name: string): string {
  return `exports.${name} = ${name};`;
}

function editStatement(statement: TS.Statement, context: Context): Edit[] {
  const { file, lastExpression } = context;
  const [start, end] = [statement.getStart(file), statement.end];
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
    const lines = file.text.slice(start, end).replace(/[^\n]/g, "");
    return [{ start, end, text: lines }];
  }
  const inner = guards(statement, context);
  if (ts.isExportAssignment(statement)) {
    return [{ start, end: statement.expression.getStart(file), text: "" }, ...inner];
  }
  if (ts.isVariableStatement(statement)) {
    const one = statement.declarationList.declarations[0]!;
    if (lastExpression !== undefined && one.name.getText(file) === lastExpression) {
      const value = { start, end: one.initializer!.getStart(file), text: "__out.value = " };
      return [value, ...inner, copies(statement, context)];
    }
  }
  return [...inner, copies(statement, context)];
}

/** After a statement: copy what it may have set to `exports`. */
function copies(statement: TS.Statement, { copied, ends, fixed }: Context): Edit {
  const mentioned = mentionedNames(statement);
  const declared = new Set(topNames(statement));
  const names = [
    ...copied.filter((name) => mentioned.has(name) && (ends.get(name) ?? 0) <= statement.end),
    ...fixed.filter((name) => declared.has(name)),
  ];
  const text = names.length === 0 ? "" : ` ;${names.map(copy).join(" ")}`;
  return { start: statement.end, end: statement.end, text };
}

/** Names that a `const` or `class` statement declares. */
function topNames(statement: TS.Statement): string[] {
  if (ts.isClassDeclaration(statement) && statement.name) return [statement.name.text];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap((one) => [...mentionedNames(one.name)]);
}

/** Edits inside a statement: awaits, dynamic imports, and names of earlier cells. */
function guards(statement: TS.Statement, context: Context): Edit[] {
  const { file, copied, ends, earlier } = context;
  const edits: Edit[] = [];
  const around = (node: TS.Node, open: string, inner: () => void, close = ")"): void => {
    const start = node.getStart(file);
    edits.push({ start, end: start, text: open });
    inner();
    edits.push({ start: node.end, end: node.end, text: close });
  };
  const settled = copied.filter(
    (name) => mentionedNames(statement).has(name) && (ends.get(name) ?? 0) < statement.end,
  );
  const visit = (node: TS.Node, inFunction: boolean): void => {
    const children = () => {
      ts.forEachChild(node, (child) => visit(child, inFunction || isFunctionOrClass(node)));
    };
    if (ts.isAwaitExpression(node)) {
      const saved = inFunction ? "" : settled.map((name) => `exports.${name} = ${name}, `).join("");
      around(node.expression, `__kernel.wait((${saved}`, children, "))");
      return;
    }
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
      visit(node.initializer, inFunction);
      around(node.expression, "__kernel.each(", () => visit(node.expression, inFunction));
      visit(node.statement, inFunction);
      return;
    }
    if (ts.isCallExpression(node)) {
      const callee = node.expression;
      if (callee.kind === ts.SyntaxKind.ImportKeyword) edits.push(replace(callee, "__kernel.load"));
      else if (isEarlier(callee)) around(callee, "(0, ", () => undefined);
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      edits.push(replace(node, "__kernel.meta"));
    }
    if (ts.isShorthandPropertyAssignment(node)) {
      const name = node.name.text;
      if (earlier.has(name) && !isDeclared(node, name)) {
        edits.push(replace(node.name, `${name}: exports.${name}`));
      }
    }
    children();
  };
  const replace = (node: TS.Node, text: string): Edit => {
    return { start: node.getStart(file), end: node.end, text };
  };
  visit(statement, false);
  return edits;
}

/** `exports.f`: called as it stands, it would see `exports` as its `this`. */
function isEarlier(callee: TS.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(callee) &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === "exports"
  );
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
