/**
 * The one font of every figure, Inter (SIL Open Font Licence 1.1), taken from an npm package so
 * that text has the same widths and pixels on every machine; system fonts are never read.
 */

import { createRequire } from "node:module";
import { createCanvas, GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";

/** Name of the font as CSS and SVG write it. */
export const FONT_FAMILY = "Inter";

/** The font first, then what a reader's machine is likely to have. */
export const FONT_STACK = "Inter, 'Helvetica Neue', Arial, sans-serif";

const require = createRequire(import.meta.url);

/** Files of the font, regular and semibold, for programs that draw text. */
export const FONT_FILES: readonly string[] = [
  require.resolve("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf"),
  require.resolve("@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf"),
];

/** How a text is set. */
export interface TextStyle {
  /** font size [px] */
  readonly size: number;
  readonly weight?: "normal" | "bold";
}

let pen: SKRSContext2D | undefined;

/** Width of one line of text [px]. */
export function textWidth(text: string, style: TextStyle): number {
  pen ??= makePen();
  pen.font = `${style.weight === "bold" ? 600 : 400} ${style.size}px ${FONT_FAMILY}`;
  return pen.measureText(text).width;
}

/** Break a text into lines no wider than `width` [px]; a longer word stands alone. */
export function wrapText(text: string, width: number, style: TextStyle): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((w) => w !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, style) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}

function makePen(): SKRSContext2D {
  for (const file of FONT_FILES) GlobalFonts.registerFromPath(file, FONT_FAMILY);
  return createCanvas(1, 1).getContext("2d");
}
