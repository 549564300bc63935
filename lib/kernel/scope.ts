/** Questions about the names in the JavaScript of a cell: what it declares, exports and captures. */
import type * as TS from "typescript";
import { ts } from "./shelf.js";

/** Parse TypeScript (or JavaScript) without checking it. */
export function parse(code: string): TS.SourceFile {
  return ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
}

/** Parse JavaScript, with parents set and names bound to their scopes. */
export function parseJs(js: string): TS.SourceFile {
  const file = ts.createSourceFile("cell.js", js, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  bind(file);
  return file;
}

/** Let the compiler's binder fill in the names that each scope of `file` declares. */
export function bind(file: TS.SourceFile): void {
  const internals = ts as unknown as {
    bindSourceFile(file: TS.SourceFile, options: TS.CompilerOptions): void;
  };
  internals.bindSourceFile(file, {});
}

/** The names that `scope` itself declares; parsed and bound before. */
export function namesOf(scope: TS.Node): string[] {
  const { locals } = scope as TS.Node & { locals?: ReadonlyMap<string, unknown> };
  return [...(locals?.keys() ?? [])];
}

/** Whether some scope around `node` in its file declares `name`. */
export function isDeclared(node: TS.Node, name: string): boolean {
  for (let scope: TS.Node | undefined = node; scope !== undefined; scope = scope.parent) {
    const { locals } = scope as TS.Node & { locals?: ReadonlyMap<string, unknown> };
    if (locals?.has(name)) return true;
  }
  return false;
}

/** The names in the `export {…}` lists of `file`. */
export function exportedNames(file: TS.SourceFile): string[] {
  return file.statements
    .filter(ts.isExportDeclaration)
    .flatMap(({ exportClause }) =>
      exportClause !== undefined && ts.isNamedExports(exportClause)
        ? exportClause.elements.map((element) => element.name.text)
        : [],
    );
}

/** The top-level names of `file` that are `let` or `var`: those that can change. */
export function variables(file: TS.SourceFile): Set<string> {
  const names = new Set<string>();
  const addName = (name: TS.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const one of name.elements) if (ts.isBindingElement(one)) addName(one.name);
  };
  const addList = (node: TS.Node | undefined): void => {
    if (node === undefined || !ts.isVariableDeclarationList(node)) return;
    if ((node.flags & ts.NodeFlags.Const) === 0)
      for (const one of node.declarations) addName(one.name);
  };
  // `var` also reaches the top from inside blocks and loops
  const visit = (node: TS.Node): void => {
    if (isFunctionOrClass(node)) return;
    addList(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** Every name that a function or class of `file` mentions. */
export function capturedNames(file: TS.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: TS.Node, inside: boolean): void => {
    if (inside && ts.isIdentifier(node) && !isKey(node)) names.add(node.text);
    ts.forEachChild(node, (child) => visit(child, inside || isFunctionOrClass(node)));
  };
  visit(file, false);
  return names;
}

/** Every name that `node` mentions, keys of objects and patterns left out. */
export function mentionedNames(node: TS.Node): Set<string> {
  const names = new Set<string>();
  const visit = (child: TS.Node): void => {
    if (ts.isIdentifier(child) && !isKey(child)) names.add(child.text);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return names;
}

/** Whether an identifier is the key of a property and no variable. */
export function isKey(node: TS.Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const named =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent) ||
    ts.isPropertyDeclaration(parent);
  return named && parent.name === node;
}

/**
 * Where the statement that declares each `let` of the top of `file` ends: before it, the name has
 * no value to be read.
 */
export function endsOfDeclarations(file: TS.SourceFile): Map<string, number> {
  const ends = new Map<string, number>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    if ((statement.declarationList.flags & ts.NodeFlags.BlockScoped) === 0) continue;
    for (const { name } of statement.declarationList.declarations) {
      for (const one of mentionedNames(name)) ends.set(one, statement.end);
    }
  }
  return ends;
}

/** Whether `node` starts a function or a class, whose body runs at another time. */
export function isFunctionOrClass(node: TS.Node): boolean {
  return ts.isFunctionLike(node) || ts.isClassLike(node);
}
