/** Terminal text as HTML: colours and weights become classes, everything else is escaped. */

import { escapeHtml } from "../figures/index.js";

interface Style {
  readonly colour?: string;
  readonly ground?: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
}

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

const ESC = String.fromCharCode(27);
const BELL = String.fromCharCode(7);

/** Any escape sequence; the first group holds the codes of one that sets the style. */
const ESCAPE = new RegExp(
  `${ESC}(?:\\[([\\d;:]*)m|\\[[\\d;?]*[A-Za-ln-z]|\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)|[@-Z\\\\-_])`,
  "g",
);

/** Turn terminal text into HTML; a carriage return overwrites the line before it. */
export function ansiToHtml(text: string): string {
  let html = "";
  let style: Style = {};
  let at = 0;
  const clean = overwrite(text);
  for (const match of clean.matchAll(ESCAPE)) {
    html += span(clean.slice(at, match.index), style);
    if (match[1] !== undefined) style = restyle(style, match[1]);
    at = match.index + match[0].length;
  }
  return html + span(clean.slice(at), style);
}

/** Terminal text without its escape sequences. */
export function stripAnsi(text: string): string {
  return text.replace(ESCAPE, "");
}

/** What a terminal shows of lines that return to their start, such as progress bars. */
function overwrite(text: string): string {
  return text
    .replace(/\r+\n/g, "\n")
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r", line.length - 2) + 1).replace(/\r$/, ""))
    .join("\n");
}

function span(text: string, style: Style): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: HTML may not hold them
  const escaped = escapeHtml(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ""));
  if (escaped === "") return "";
  const classes = [
    style.colour === undefined ? "" : `ansi-${style.colour}`,
    style.ground === undefined ? "" : `ansi-bg-${style.ground}`,
    style.bold ? "ansi-bold" : "",
    style.italic ? "ansi-italic" : "",
    style.underline ? "ansi-underline" : "",
  ].filter((name) => name !== "");
  return classes.length === 0 ? escaped : `<span class="${classes.join(" ")}">${escaped}</span>`;
}

function restyle(before: Style, codes: string): Style {
  const numbers = codes.split(/[;:]/).map((code) => (code === "" ? 0 : Number(code)));
  let style = before;
  for (let i = 0; i < numbers.length; i++) {
    const code = numbers[i]!;
    if (code === 38 || code === 48) {
      // 256 colours and true colours keep the text's own colour: pages choose their palette
      i += numbers[i + 1] === 5 ? 2 : 4;
    } else style = apply(style, code);
  }
  return style;
}

function apply(style: Style, code: number): Style {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return without(style, "bold");
  if (code === 23) return without(style, "italic");
  if (code === 24) return without(style, "underline");
  if (code === 39) return without(style, "colour");
  if (code === 49) return without(style, "ground");
  const name = NAMES[code % 10];
  const decade = Math.floor(code / 10);
  if (name === undefined || code % 10 > 7) return style;
  if (decade === 3 || decade === 9) return { ...style, colour: name };
  if (decade === 4 || decade === 10) return { ...style, ground: name };
  return style;
}

function without(style: Style, key: keyof Style): Style {
  const { [key]: _, ...rest } = style;
  return rest;
}
