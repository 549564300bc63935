/** Kinds of values from what a parameters cell says: a type annotation, or else the default. */

import type { Kind } from "./value.js";

const SIMPLE: Readonly<Record<string, Kind>> = {
  number: "number",
  bigint: "integer",
  string: "string",
  boolean: "boolean",
  null: "null",
  undefined: "null",
  object: "object",
  int: "integer",
  float: "number",
  str: "string",
  bool: "boolean",
  none: "null",
  list: { list: "any" },
  dict: "object",
};

/** Read a type of TypeScript or Python; what is not understood takes any value. */
export function kindOfAnnotation(annotation: string, language: "typescript" | "python"): Kind {
  const members = splitOutside(annotation, "|").filter((member) => member !== "");
  if (members.length > 1) {
    return { union: members.map((member) => kindOfAnnotation(member, language)) };
  }
  const type = (members[0] ?? "").replace(/^readonly\s+/, "");
  if (/^\(.*\)$/s.test(type)) return kindOfAnnotation(type.slice(1, -1), language);
  const literal = literalOf(type);
  if (literal !== undefined) return { literal };
  return language === "python" ? pythonKind(type) : scriptKind(type);
}

/**
 * The kind of a default as written; "any" for null and for expressions. An integer default takes
 * any number, but does not turn the integers it is given into floats.
 */
export function kindOfDefault(source: string): Kind {
  const value = source.trim();
  if (/^(["'`])(?:\\.|(?!\1)[^\\])*\1$/s.test(value)) return "string";
  if (/^(true|false)$/i.test(value)) return "boolean";
  if (/^[+-]?\d[\d_]*$/.test(value)) return { union: ["integer", "number"] };
  if (/^[+-]?(\d[\d_]*\.?[\d_]*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return "number";
  if (/^\[.*\]$/s.test(value)) return { list: "any" };
  if (/^\{.*\}$/s.test(value)) return "object";
  return "any";
}

function scriptKind(type: string): Kind {
  const list = /^(.*)\[\]$/s.exec(type) ?? /^(?:Readonly)?Array<(.*)>$/s.exec(type);
  if (list !== null) return { list: kindOfAnnotation(list[1]!, "typescript") };
  if (/^(Record<|\{)/.test(type)) return "object";
  return SIMPLE[type] ?? "any";
}

function pythonKind(type: string): Kind {
  const generic = /^(?:typing\.)?(\w+)\[(.*)\]$/s.exec(type);
  if (generic === null) return SIMPLE[type.toLowerCase()] ?? "any";
  const [, outer, inner] = generic;
  switch (outer!.toLowerCase()) {
    case "optional":
      return { union: [kindOfAnnotation(inner!, "python"), "null"] };
    case "union":
      return {
        union: splitOutside(inner!, ",").map((member) => kindOfAnnotation(member, "python")),
      };
    case "literal":
      return {
        union: splitOutside(inner!, ",").map((member) => kindOfAnnotation(member, "python")),
      };
    case "list":
    case "sequence":
      return { list: kindOfAnnotation(inner!, "python") };
    default:
      return SIMPLE[outer!.toLowerCase()] ?? "any";
  }
}

function literalOf(type: string): string | number | boolean | undefined {
  const text = /^(["'])((?:(?!\1)[^\\])*)\1$/s.exec(type);
  if (text !== null) return text[2]!;
  if (type === "true" || type === "false") return type === "true";
  return /^-?\d+(\.\d+)?$/.test(type) ? Number(type) : undefined;
}

/** Split at a sign that stands outside brackets and quotes. */
function splitOutside(text: string, sign: string): string[] {
  const parts = [""];
  let depth = 0;
  let quote = "";
  for (const c of text) {
    if (quote !== "") quote = c === quote ? "" : quote;
    else if (c === '"' || c === "'") quote = c;
    else if ("([{<".includes(c)) depth++;
    else if (")]}>".includes(c)) depth--;
    if (c === sign && depth === 0 && quote === "") parts.push("");
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.trim());
}
