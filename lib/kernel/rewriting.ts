/** Edits inside a statement of a cell: its variables, those of earlier cells, awaits and imports. */
import type * as TS from "typescript";
import { boundNames, isKey, scopeOf } from "./scope.js";
import { ts } from "./shelf.js";

/** A piece of text to put in the place of another. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The names that are not written as they stand. */
export interface Names {
  readonly file: TS.SourceFile;
  /** variables of this cell that live in holders */
  readonly held: ReadonlySet<string>;
  /** names of earlier cells */
  readonly earlier: { has(name: string): boolean };
  /** names whose holders the code uses; grows */
  readonly used: Set<string>;
}

/** The local constant that a holder is bound to. */
export function holderName(name: string): string {
  return `__of_${name}`;
}

/** Find the edits that a statement needs; of those at one place the outer come first. */
export function rewrite(statement: TS.Statement, names: Names): Edit[] {
  const { file } = names;
  const edits: Edit[] = [];
  const insert = (at: number, text: string) => edits.push({ start: at, end: at, text });
  const replace = (node: TS.Node, text: string) =>
    edits.push({ start: node.getStart(file), end: node.end, text });
  const around = (node: TS.Node, open: string, close: string): void => {
    insert(node.getStart(file), open);
    visit(node);
    insert(node.end, close);
  };

  function visit(node: TS.Node): void {
    const held = heldAs(node, names);
    if (held !== undefined) replace(node, held);
    else if (ts.isAwaitExpression(node)) around(node.expression, "__kernel.wait(", ")");
    else if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
      visit(node.initializer);
      around(node.expression, "__kernel.each(", ")");
      visit(node.statement);
    } else if (node.kind === ts.SyntaxKind.ImportKeyword) replace(node, "__kernel.load");
    else if (isImportMeta(node)) replace(node, "__kernel.meta");
    else if (ts.isVariableDeclarationList(node) && isHeld(node, names)) visitHeld(node);
    else ts.forEachChild(node, visit);
  }

  /** `let a = 1, b` becomes `(__of_a.a = 1, __of_b.b = void 0)`; in the head of a loop bare. */
  function visitHeld(list: TS.VariableDeclarationList): void {
    const [first] = list.declarations;
    const isStatement = ts.isVariableStatement(list.parent);
    const isLet = (list.flags & ts.NodeFlags.Let) !== 0;
    const start = list.getStart(file);
    edits.push({ start, end: first!.getStart(file), text: isStatement ? "(" : "" });
    for (const { name, initializer } of list.declarations) {
      visit(name);
      if (initializer === undefined) insert(name.end, isLet && isStatement ? " = void 0" : "");
      else if (ts.isIdentifier(name) && isNameless(initializer)) {
        // only a variable or a property that is written out names a function
        around(initializer, `({ ${name.text}: `, ` }).${name.text}`);
      } else visit(initializer);
    }
    if (isStatement) insert(list.end, ")");
  }

  visit(statement);
  return edits;
}

/** What is written for a name that lives in a holder; undefined for all else. */
function heldAs(node: TS.Node, { file, held, earlier, used }: Names): string | undefined {
  let name: string;
  if (isEarlier(node)) name = node.name.text;
  else if (ts.isIdentifier(node) && !isKey(node)) {
    name = node.text;
    const scope = scopeOf(node, name);
    const isOwn = scope === file && held.has(name);
    // the converter leaves out this form
    if (!isOwn && !(isShorthand(node) && scope === undefined && earlier.has(name)))
      return undefined;
  } else return undefined;
  used.add(name);
  const value = `${holderName(name)}.${name}`;
  if (isShorthand(node)) return `${name}: ${value}`;
  return isCalled(node) ? `(0, ${value})` : value; // it would see the holder as its `this`
}

/** `exports.depth`, as the converter writes `depth` of an earlier cell. */
function isEarlier(node: TS.Node): node is TS.PropertyAccessExpression {
  return (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === "exports" &&
    scopeOf(node, "exports") === undefined
  );
}

/** `depth` in `{ depth }`, of an object or a pattern. */
function isShorthand(node: TS.Node): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name === node;
  const isElement = ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent);
  return isElement && parent.name === node && !parent.propertyName && !parent.dotDotDotToken;
}

function isCalled(node: TS.Node): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.expression === node;
  return ts.isTaggedTemplateExpression(parent) && parent.tag === node;
}

function isImportMeta(node: TS.Node): boolean {
  return ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
}

/** Whether a list declares variables of the cell that live in holders. */
function isHeld(list: TS.VariableDeclarationList, { file, held }: Names): boolean {
  const bound = list.declarations.flatMap(({ name }) => boundNames(name));
  return bound.some((name) => held.has(name) && scopeOf(list, name) === file);
}

/** A function or class that takes its name from the variable it is given to. */
function isNameless(node: TS.Expression): boolean {
  if (ts.isArrowFunction(node)) return true;
  return (ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name === undefined;
}
