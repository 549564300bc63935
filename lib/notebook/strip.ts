/**
 * Code without its comments and blank lines, so that a change of prose changes no hash. Texts,
 * templates and regular expressions are stepped over; where a text does not end, the code is left
 * as it is, for too many runs are better than too few.
 */

/**
 * Signs and words after which a slash starts a regular expression and not a division. A `!` after a
 * name or bracket is TypeScript's assertion, and what follows a division.
 */
const BEFORE_REGEX =
  /(?:^|[(,=:[&|?{};+\-*%<>~^]|(?<![\w)\]])!|\b(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield))$/;

/** Take the comments out of TypeScript or JavaScript. */
export function stripScript(code: string): string {
  const pieces: string[] = [];
  const end = scan(code, 0, pieces, false);
  return end < 0 ? code : tidy(pieces.join(""));
}

/** Take the comments out of Python; docstrings stay, they are values. */
export function stripPython(code: string): string {
  const token = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*/g;
  return tidy(code.replace(token, (found) => (found.startsWith("#") ? "" : kept(found))));
}

/** Copy code from `start` into `pieces` without comments; the place after it, -1 for a text without end. */
function scan(code: string, start: number, pieces: string[], inTemplate: boolean): number {
  let depth = 0;
  let before = ""; // the last signs, to tell a regular expression from a division
  for (let i = start; i < code.length; ) {
    const c = code[i]!;
    if (c === "/" && code[i + 1] === "/") {
      i = lineEnd(code, i);
      continue;
    }
    if (c === "/" && code[i + 1] === "*") {
      const close = code.indexOf("*/", i + 2);
      if (close < 0) return -1;
      pieces.push(" ");
      i = close + 2;
      continue;
    }
    const next = c === "`" ? template(code, i, pieces) : literal(code, i, before);
    if (next < 0) return -1;
    if (next > i) {
      if (c !== "`") pieces.push(code.slice(i, next));
      before = ")";
      i = next;
      continue;
    }
    if (c === "{") depth++;
    if (c === "}" && inTemplate && depth-- === 0) return i + 1;
    pieces.push(c);
    before = (before + c).slice(-40);
    i++;
  }
  return inTemplate ? -1 : code.length;
}

/** The end of a text or regular expression that starts at `i`; `i` if none does, -1 without end. */
function literal(code: string, i: number, before: string): number {
  const c = code[i]!;
  const isRegex = c === "/" && BEFORE_REGEX.test(before.trimEnd());
  if (c !== '"' && c !== "'" && !isRegex) return i;
  let inClass = false;
  for (let j = i + 1; j < code.length && code[j] !== "\n"; j++) {
    const d = code[j]!;
    if (d === "\\") j++;
    else if (isRegex && d === "[") inClass = true;
    else if (isRegex && d === "]") inClass = false;
    else if (d === c && !inClass) return j + 1;
  }
  return -1;
}

/** Copy a template literal, its expressions stripped too. */
function template(code: string, start: number, pieces: string[]): number {
  pieces.push("`");
  for (let i = start + 1; i < code.length; ) {
    if (code[i] === "\\") {
      pieces.push(code.slice(i, i + 2));
      i += 2;
    } else if (code[i] === "`") {
      pieces.push("`");
      return i + 1;
    } else if (code[i] === "$" && code[i + 1] === "{") {
      pieces.push("${");
      i = scan(code, i + 2, pieces, true);
      if (i < 0) return -1;
      pieces.push("}");
    } else {
      pieces.push(kept(code[i]!));
      i++;
    }
  }
  return -1;
}

/** Line ends inside a text, hidden from `tidy`: they are part of its value. */
function kept(text: string): string {
  return text.replaceAll("\n", "\0");
}

function lineEnd(code: string, from: number): number {
  const end = code.indexOf("\n", from);
  return end < 0 ? code.length : end;
}

function tidy(code: string): string {
  return code
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}
