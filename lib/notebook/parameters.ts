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
  const lines = joinOpenLines(cell.source, isScript ? "//" : "#");
  return lines.flatMap((line) => (isScript ? readScript(line) : readPython(line)) ?? []);
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

const SCRIPT =
  /^\s*(?:export\s+)?(?:let|const|var)\s+(?<name>[\p{L}_$][\p{L}\p{N}_$]*)\s*(?::\s*(?<annotation>[^=]*(?:=>[^=]*)?))?=(?!=)\s*(?<value>[\s\S]*?)\s*;?\s*(?:\/\/\s*(?<help>.*))?$/u;

function readScript(line: string): Parameter | undefined {
  const groups = SCRIPT.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const annotation = (groups.annotation ?? "").trim();
  const value = groups.value ?? "";
  return {
    name: groups.name!,
    kind: annotation === "" ? kindOfDefault(value) : kindOfAnnotation(annotation, "typescript"),
    annotation,
    default: value,
    help: (groups.help ?? "").trim(),
  };
}

const PYTHON =
  /^(?<name>[\p{L}_.][\p{L}\p{N}_.]*)\s*(?::\s*(?<annotation>[^=]+?))?\s*(?:=|<-)(?!=)\s*(?<value>[\s\S]*?)\s*(?:#\s*(?:type:\s*(?<comment>[^\s#]*(?:\[[^\]]*\])?))?\s*(?<help>.*))?$/u;

function readPython(line: string): Parameter | undefined {
  const groups = PYTHON.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const written = (groups.annotation ?? groups.comment ?? "")
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2");
  const value = (groups.value ?? "").replace(/;$/, "");
  return {
    name: groups.name!,
    kind: written === "" ? kindOfDefault(value) : kindOfAnnotation(written, "python"),
    annotation: written,
    default: value,
    help: (groups.help ?? "").trim(),
  };
}

/** Lines of a cell, with a literal that spans several made one, without the comments inside it. */
function joinOpenLines(source: string, comment: string): string[] {
  const statements: string[] = [];
  let open = "";
  for (const line of source.split("\n")) {
    const code = open === "" ? line : `${open} ${line.trim()}`;
    const bare = stripComment(code, comment);
    if (depthOf(bare) > 0) {
      open = bare.trimEnd();
      continue;
    }
    open = "";
    if (code.trim() !== "") statements.push(code.trim());
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
