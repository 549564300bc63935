/**
 * Parameters of a notebook: what its `parameters` cell declares, and the check of the values it
 * is given against that.
 */

import { ArgumentError } from "../core/index.js";
import { kindOfAnnotation, kindOfDefault } from "./annotation.js";
import { findLanguage, languageNameOf } from "./language.js";
import { type CodeCell, type Notebook, tagsOf } from "./nbformat.js";
import { coerceTo, describeKind, describeValue, fits, type Kind, type Value } from "./value.js";

/** One parameter as its cell declares it. */
export interface Parameter {
  readonly name: string;
  readonly kind: Kind;
  /** the type as written; "" where there is none */
  readonly annotation: string;
  /** the default as written */
  readonly default: string;
  /** the comment beside it */
  readonly help: string;
}

/** A value given for a parameter; `text` where it is still as typed on a command line (`-p`). */
export type Given = { readonly value: Value } | { readonly text: string };

/** The first code cell tagged `parameters`. */
export function findParametersCell(notebook: Notebook): CodeCell | undefined {
  return notebook.cells.find(
    (cell): cell is CodeCell => cell.cell_type === "code" && tagsOf(cell).includes("parameters"),
  );
}

/** Read what the parameters cell declares; empty without one, or in a language not read here. */
export function inspectParameters(notebook: Notebook, language?: string): Parameter[] {
  const cell = findParametersCell(notebook);
  if (cell === undefined) return [];
  const name = language ?? languageNameOf(notebook);
  const isScript = name === "typescript" || name === "javascript";
  const statements = statementsOf(cell.source, isScript ? "//" : "#");
  return statements.flatMap((one) => (isScript ? readScript(one) : readPython(one)) ?? []);
}

/**
 * Check values against the declared parameters and settle those that came as text.
 *
 * @param options.unknown what to do with a name that is not declared
 * @throws {ArgumentError} for an unknown name or a value that does not fit, with the known ones
 */
export function settleParameters(
  given: ReadonlyMap<string, Given>,
  declared: readonly Parameter[],
  options: { readonly unknown: "refuse" | "allow"; readonly where: string },
): Map<string, Value> {
  const settled = new Map<string, Value>();
  for (const [name, entry] of given) {
    const parameter = declared.find((candidate) => candidate.name === name);
    if (parameter === undefined && options.unknown === "refuse")
      throw unknownName(name, declared, options.where);
    const kind = parameter?.kind ?? "any";
    const value = "text" in entry ? coerceTo(entry.text, kind) : entry.value;
    if (!fits(value, kind)) throw misfit(parameter!, value, declared, options.where);
    settled.set(name, value);
  }
  return settled;
}

/**
 * Write the source of the injected cell.
 *
 * @throws {ArgumentError} if the language is not one parameters can be written in, or a name is
 *   no name in it
 */
export function writeParameters(
  values: ReadonlyMap<string, Value>,
  declared: readonly Parameter[],
  options: { readonly language: string; readonly kernel: string; readonly comment?: string },
): string {
  const language = findLanguage(options.language, options.kernel);
  const lines = [...values].map(([name, value]) => {
    if (!language.identifier.test(name)) {
      throw new ArgumentError({
        what: "parameter",
        wanted: `a name of ${language.name}`,
        got: JSON.stringify(name),
      });
    }
    const parameter = declared.find((candidate) => candidate.name === name);
    const literal = language.literal(value, parameter?.kind ?? "any");
    return language.assign(name, literal, parameter?.annotation || undefined);
  });
  return [`${language.comment} ${options.comment ?? "Parameters"}`, ...lines, ""].join("\n");
}

/** Print the declared parameters, one a line, as `--help-notebook` does. */
export function describeParameters(declared: readonly Parameter[]): string {
  if (declared.length === 0) return "  no parameters\n";
  return declared
    .map(
      (p) =>
        `  ${p.name}: ${p.annotation || describeKind(p.kind)} (default ${p.default})${p.help && `\n      ${p.help}`}\n`,
    )
    .join("");
}

function unknownName(name: string, declared: readonly Parameter[], where: string): ArgumentError {
  return new ArgumentError({
    where,
    what: `parameter "${name}"`,
    wanted:
      declared.length === 0 ? "none: the notebook declares none" : `one of ${known(declared)}`,
    got: "an unknown name",
    remedy: "correct the name, declare it in the cell tagged parameters, or pass --allow-unknown",
  });
}

function misfit(parameter: Parameter, value: Value, declared: readonly Parameter[], where: string) {
  return new ArgumentError({
    where,
    what: `parameter "${parameter.name}"`,
    wanted: parameter.annotation || describeKind(parameter.kind),
    got: describeValue(value),
    remedy: `the parameters are ${known(declared)}`,
  });
}

function known(declared: readonly Parameter[]): string {
  return declared.map((p) => `${p.name}: ${p.annotation || describeKind(p.kind)}`).join(", ");
}

/** A statement of a parameters cell and the comment after it. */
interface Statement {
  readonly code: string;
  readonly comment: string;
}

const SCRIPT =
  /^(?:export\s+)?(?:let|const|var)\s+(?<name>[\p{L}_$][\p{L}\p{N}_$]*)\s*(?::\s*(?<annotation>(?:=>|[^=])*))?=(?!=)\s*(?<value>.*?)\s*;?$/su;

function readScript({ code, comment }: Statement): Parameter | undefined {
  const groups = SCRIPT.exec(code)?.groups;
  if (groups === undefined) return undefined;
  const annotation = (groups.annotation ?? "").trim();
  const value = groups.value ?? "";
  return {
    name: groups.name!,
    kind: annotation === "" ? kindOfDefault(value) : kindOfAnnotation(annotation, "typescript"),
    annotation,
    default: value,
    help: comment,
  };
}

const PYTHON =
  /^(?<name>[\p{L}_.][\p{L}\p{N}_.]*)\s*(?::\s*(?<annotation>[^=]+?))?\s*(?:=|<-)(?!=)\s*(?<value>.*?)\s*;?$/su;

function readPython({ code, comment }: Statement): Parameter | undefined {
  const groups = PYTHON.exec(code)?.groups;
  if (groups === undefined) return undefined;
  const typed = /^type:\s*(\w+(?:\[.*?\])?)\s*(.*)$/s.exec(comment);
  const written = (groups.annotation ?? typed?.[1] ?? "").trim().replace(/^(["'])(.*)\1$/, "$2");
  const value = groups.value ?? "";
  return {
    name: groups.name!,
    kind: written === "" ? kindOfDefault(value) : kindOfAnnotation(written, "python"),
    annotation: written,
    default: value,
    help: typed?.[2] ?? comment,
  };
}

/** The statements of a cell: a literal that spans lines is one, without the comments inside it. */
function statementsOf(source: string, comment: string): Statement[] {
  const statements: Statement[] = [];
  let open = "";
  for (const line of source.split("\n")) {
    const bare = stripComment(line, comment);
    const code = `${open} ${bare.trim()}`.trim();
    open = depthOf(code) > 0 ? code : "";
    if (code === "" || open !== "") continue;
    statements.push({ code, comment: line.slice(bare.length + comment.length).trim() });
  }
  return statements;
}

/** A line up to its comment, quotes respected. */
function stripComment(line: string, comment: string): string {
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const sign = line[i]!;
    if (quote !== "") {
      if (sign === "\\") i++;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'" || sign === "`") quote = sign;
    else if (line.startsWith(comment, i)) return line.slice(0, i);
  }
  return line;
}

/** How many brackets stay open, those in texts not counted. */
function depthOf(line: string): number {
  const bare = line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/g, '""');
  return (bare.match(/[[({]/g)?.length ?? 0) - (bare.match(/[\])}]/g)?.length ?? 0);
}
