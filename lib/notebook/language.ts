/**
 * The languages parameters can be written in: how a value becomes a literal of the language, and
 * how an assignment and a comment look. Every text is quoted by the rules of its language, so no
 * value can become code.
 */

import { ArgumentError } from "../core/index.js";
import { doubledQuotes, quoted, quotedDollar, type Spelling, speller } from "./literal.js";
import type { Notebook } from "./nbformat.js";
import type { Kind, Value } from "./value.js";

/** How one language writes parameters. */
export interface Language {
  readonly name: string;
  /** starts a comment */
  readonly comment: string;
  /** names it accepts */
  readonly identifier: RegExp;
  /** Write a value; `kind` tells a float from an integer where that matters. */
  literal(value: Value, kind: Kind): string;
  /** Write `name = literal` as a statement, with the annotation of the declaration if there is one. */
  assign(name: string, literal: string, annotation?: string): string;
}

const PLAIN = /^[\p{L}_][\p{L}\p{N}_]*$/u;

const script: Spelling = {
  nothing: "null",
  yes: "true",
  no: "false",
  nan: "NaN",
  infinity: "Infinity",
  text: quoted,
  list: (items) => `[${items.join(", ")}]`,
  // a computed key, for a plain "__proto__" would set the prototype
  object: (entries) =>
    `{${entries.map(([k, v]) => (k === "__proto__" ? `[${quoted(k)}]: ${v}` : `${quoted(k)}: ${v}`)).join(", ")}}`,
};

/** JavaScript and TypeScript have one kind of number, so none needs its `.0`. */
const writeScript = speller({ ...script, number: String });

const typescript: Language = {
  name: "typescript",
  comment: "//",
  identifier: /^[\p{L}_$][\p{L}\p{N}_$]*$/u,
  literal: writeScript,
  assign: (name, literal, annotation) =>
    `let ${name}${annotation === undefined ? "" : `: ${annotation}`} = ${literal};`,
};

const javascript: Language = {
  ...typescript,
  name: "javascript",
  assign: (name, literal) => `var ${name} = ${literal};`,
};

const python: Language = {
  name: "python",
  comment: "#",
  identifier: PLAIN,
  literal: speller({
    nothing: "None",
    yes: "True",
    no: "False",
    nan: "float('nan')",
    infinity: "float('inf')",
    text: quoted,
    list: (items) => `[${items.join(", ")}]`,
    object: (entries) => `{${entries.map(([k, v]) => `${quoted(k)}: ${v}`).join(", ")}}`,
  }),
  assign: (name, literal) => `${name} = ${literal}`,
};

const r: Language = {
  name: "r",
  comment: "#",
  identifier: /^[\p{L}.][\p{L}\p{N}_.]*$/u,
  literal: speller({
    nothing: "NULL",
    yes: "TRUE",
    no: "FALSE",
    nan: "NaN",
    infinity: "Inf",
    text: quoted,
    list: (items) => `list(${items.join(", ")})`,
    object: (entries) => `list(${entries.map(([k, v]) => `${quoted(k)} = ${v}`).join(", ")})`,
  }),
  assign: (name, literal) => `${name} = ${literal}`,
};

const julia: Language = {
  name: "julia",
  comment: "#",
  identifier: PLAIN,
  literal: speller({
    nothing: "nothing",
    yes: "true",
    no: "false",
    nan: "NaN",
    infinity: "Inf",
    text: quotedDollar,
    list: (items) => `[${items.join(", ")}]`,
    object: (entries) =>
      `Dict(${entries.map(([k, v]) => `${quotedDollar(k)} => ${v}`).join(", ")})`,
  }),
  assign: (name, literal) => `${name} = ${literal}`,
};

const matlab: Language = {
  name: "matlab",
  comment: "%",
  identifier: PLAIN,
  literal: speller({
    nothing: "NaN",
    yes: "true",
    no: "false",
    nan: "NaN",
    infinity: "Inf",
    text: doubledQuotes,
    list: (items) => `{${items.join(", ")}}`,
    object: (entries) =>
      `containers.Map({${entries.map(([k]) => doubledQuotes(k)).join(", ")}}, {${entries.map(([, v]) => v).join(", ")}})`,
  }),
  assign: (name, literal) => `${name} = ${literal};`,
};

const scala: Language = {
  name: "scala",
  comment: "//",
  identifier: PLAIN,
  literal: speller({
    nothing: "None",
    yes: "true",
    no: "false",
    nan: "Double.NaN",
    infinity: "Double.PositiveInfinity",
    text: quoted,
    list: (items) => `Seq(${items.join(", ")})`,
    object: (entries) => `Map(${entries.map(([k, v]) => `${quoted(k)} -> ${v}`).join(", ")})`,
  }),
  assign: (name, literal) => `val ${name} = ${literal}`,
};

const csharp: Language = {
  name: "csharp",
  comment: "//",
  identifier: PLAIN,
  literal: speller({
    nothing: "null",
    yes: "true",
    no: "false",
    nan: "double.NaN",
    infinity: "double.PositiveInfinity",
    text: quoted,
    list: (items) => `new [] { ${items.join(", ")} }`,
    object: (entries) =>
      `new Dictionary<string,Object>{ ${entries.map(([k, v]) => `{ ${quoted(k)} , ${v} }`).join(", ")} }`,
  }),
  assign: (name, literal) => `var ${name} = ${literal};`,
};

const fsharp: Language = {
  name: "fsharp",
  comment: "//",
  identifier: PLAIN,
  literal: speller({
    nothing: "None",
    yes: "true",
    no: "false",
    nan: "nan",
    infinity: "infinity",
    text: quoted,
    list: (items) => `[ ${items.join("; ")} ]`,
    object: (entries) =>
      `[ ${entries.map(([k, v]) => `(${quoted(k)}, ${v} :> IComparable)`).join("; ")} ] |> Map.ofList`,
  }),
  assign: (name, literal) => `let ${name} = ${literal}`,
};

const powershell: Language = {
  name: "powershell",
  comment: "#",
  identifier: PLAIN,
  literal: speller({
    nothing: "$Null",
    yes: "$True",
    no: "$False",
    nan: "[double]::NaN",
    infinity: "[double]::PositiveInfinity",
    text: doubledQuotes,
    list: (items) => `@(${items.join(", ")})`,
    object: (entries) => `@{${entries.map(([k, v]) => `${doubledQuotes(k)} = ${v}`).join("\n")}}`,
  }),
  assign: (name, literal) => `$${name} = ${literal}`,
};

const bash: Language = {
  name: "bash",
  comment: "#",
  identifier: /^[A-Za-z_]\w*$/,
  literal: speller({
    nothing: "''",
    yes: "true",
    no: "false",
    nan: "nan",
    infinity: "inf",
    text: (value) => `'${value.replaceAll("'", `'\\''`)}'`,
    list: (items) => `(${items.join(" ")})`,
    object: () => {
      throw new ArgumentError({
        what: "parameter",
        wanted: "a text, number, boolean or list",
        got: "an object",
        remedy: "bash has no nested values: pass a text",
      });
    },
  }),
  assign: (name, literal) => `${name}=${literal}`,
};

/** Languages by the names kernels give them, and kernels whose language says too little. */
const LANGUAGES: Readonly<Record<string, Language>> = {
  typescript,
  javascript,
  python,
  python2: python,
  python3: python,
  ipython: python,
  pyspark: python,
  pysparkkernel: python,
  r,
  ir: r,
  sparkr: r,
  sparkrkernel: r,
  julia,
  matlab,
  scala,
  spark: scala,
  sparkkernel: scala,
  "c#": csharp,
  csharp,
  ".net-csharp": csharp,
  "f#": fsharp,
  fsharp,
  ".net-fsharp": fsharp,
  powershell,
  ".net-powershell": powershell,
  bash,
};

/** The name of the language a notebook says it is in; "" where it does not. */
export function languageNameOf(notebook: Notebook): string {
  const spec = notebook.metadata.kernelspec as { language?: string } | undefined;
  const info = notebook.metadata.language_info as { name?: string } | undefined;
  return (info?.name ?? spec?.language ?? "").toLowerCase();
}

/**
 * Find a language by the name of the kernel, else of the language.
 *
 * @throws {ArgumentError} if parameters cannot be written in it
 */
export function findLanguage(language: string, kernel = ""): Language {
  const found = LANGUAGES[kernel.toLowerCase()] ?? LANGUAGES[language.toLowerCase()];
  if (found === undefined) {
    throw new ArgumentError({
      what: "language of the notebook",
      wanted: `one that parameters can be written in: ${[...new Set(Object.values(LANGUAGES).map((l) => l.name))].join(", ")}`,
      got: `"${language}" (kernel "${kernel}")`,
      remedy: "run it without parameters, or name its language with -l",
    });
  }
  return found;
}
