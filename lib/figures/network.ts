/** A network that narrows and widens again (U-Net), as boxes and arrows. */

import type { DiagramArrow, DiagramBox, DiagramParts } from "./diagram.js";

/** One level of the network, from the top. */
export interface NetworkLevel {
  /** maps at this level */
  readonly channels: number;
  /** their size, such as `100 × 100` */
  readonly size: string;
}

/** What a network looks like. */
export interface NetworkOptions {
  readonly levels: readonly NetworkLevel[];
  /** what happens in each block, in one line; not said unless given */
  readonly block?: string;
  /** words in the first and last box */
  readonly input: string;
  readonly output: string;
  /** words on the arrows */
  readonly down: string;
  readonly up: string;
  readonly skip: string;
}

const BOX = { width: 140, height: 58 } as const;
const STEP = { across: 62, down: 50 } as const;
/** Room for what happens in a block [px]. */
const WITHIN = 38;

/** Lay out an encoder on the left, a decoder on the right and the skips between them. */
export function networkParts(options: NetworkOptions): DiagramParts {
  const { levels, input, output, block } = options;
  const box = { ...BOX, height: BOX.height + (block === undefined ? 0 : WITHIN) };
  const within = block === undefined ? "" : `<br>${block}`;
  const depth = levels.length;
  const side = BOX.width + 40;
  const width = 2 * side + 2 * (depth - 1) * STEP.across + 3 * BOX.width;
  const boxes: DiagramBox[] = [{ id: "input", text: input, kind: "data", x: 0, y: 0, ...box }];
  const arrows: DiagramArrow[] = [{ from: "input", to: "down0" }];
  for (const [i, level] of levels.entries()) {
    const text = `${level.channels} maps<br>${level.size}${within}`;
    const y = i * (box.height + STEP.down);
    const left = side + i * STEP.across;
    if (i === depth - 1) {
      boxes.push({ id: `down${i}`, text, x: (width - BOX.width) / 2, y, ...box });
      continue;
    }
    boxes.push({ id: `down${i}`, text, x: left, y, ...box });
    boxes.push({ id: `up${i}`, text, x: width - left - BOX.width, y, ...box });
    const sides = ["right", "left"] as const;
    arrows.push({ from: `down${i}`, to: `up${i}`, text: options.skip, line: "dash", sides });
  }
  for (let i = 0; i + 1 < depth; i++) {
    const below = i + 2 === depth ? `down${i + 1}` : `up${i + 1}`;
    const into = i + 2 === depth ? "left" : "top";
    const out = i + 2 === depth ? "right" : "top";
    arrows.push({
      from: `down${i}`,
      to: `down${i + 1}`,
      text: options.down,
      sides: ["bottom", into],
    });
    arrows.push({ from: below, to: `up${i}`, text: options.up, sides: [out, "bottom"] });
  }
  boxes.push({ id: "output", text: output, kind: "result", x: width - BOX.width, y: 0, ...box });
  arrows.push({ from: "up0", to: "output" });
  return { boxes, arrows };
}
