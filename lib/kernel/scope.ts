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

/** The scope around `node` that declares `name`: the file, or a function, class or block in it. */
export function scopeOf(node: TS.Node, name: string): TS.Node | undefined {
  for (let scope: TS.Node | undefined = node; scope !== undefined; scope = scope.parent) {
    const { locals } = scope as TS.Node & { locals?: ReadonlyMap<string, unknown> };
    if (locals?.has(name)) return scope;
    // in its own body a function or class expression is known by its name
    if (isNamedExpression(scope) && scope.name?.text === name) return scope;
  }
  return undefined;
}

function isNamedExpression(node: TS.Node): node is TS.FunctionExpression | TS.ClassExpression {
  return ts.isFunctionExpression(node) || ts.isClassExpression(node);
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

/** The variables of the top of a file: its `let` and `var`, which can change. */
export interface TopVariables {
  readonly names: ReadonlySet<string>;
  /** those `var` that code may reach before they are set, and which are undefined then */
  readonly early: readonly string[];
}

/** Find the variables of the top of `file`. */
export function topVariables(file: TS.SourceFile): TopVariables {
  const names = new Set<string>();
  const early = new Set<string>();
  // `var` also reaches the top from inside blocks and loops
  const visit = (node: TS.Node): void => {
    if (isFunctionOrClass(node)) return;
    if (ts.isVariableDeclarationList(node) && isOfTop(node)) {
      const isSure = isRunAtTop(node);
      for (const { name, initializer } of node.declarations) {
        for (const one of boundNames(name)) {
          names.add(one);
          if (isVar(node) && !(isSure && initializer !== undefined)) early.add(one);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { names, early: [...early] };
}

/** Whether a list, outside of functions and classes, declares variables of the top. */
function isOfTop(list: TS.VariableDeclarationList): boolean {
  if (isVar(list)) return true;
  const { parent } = list;
  if (!ts.isVariableStatement(parent)) return false; // the variable of a loop is the loop's own
  return (list.flags & ts.NodeFlags.Let) !== 0 && ts.isSourceFile(parent.parent);
}

function isVar({ flags }: TS.VariableDeclarationList): boolean {
  return (flags & ts.NodeFlags.BlockScoped) === 0;
}

/** Whether a list stands where the top certainly gets to: not in a block, a branch or `for (… of …)`. */
function isRunAtTop({ parent }: TS.VariableDeclarationList): boolean {
  return (
    (ts.isVariableStatement(parent) || ts.isForStatement(parent)) && ts.isSourceFile(parent.parent)
  );
}

/** The names that a declaration binds. */
export function boundNames(name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((one) => (ts.isBindingElement(one) ? boundNames(one.name) : []));
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

/** Whether an identifier is the key of a property, or a label, and no variable. */
export function isKey(node: TS.Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) {
    return parent.label === node;
  }
  if (ts.isMetaProperty(parent)) return true;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const named =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent) ||
    ts.isPropertyDeclaration(parent);
  return named && parent.name === node;
}

/** Whether `node` starts a function or a class, whose body runs at another time. */
export function isFunctionOrClass(node: TS.Node): boolean {
  return ts.isFunctionLike(node) || ts.isClassLike(node);
}
