/** A slider over pictures made beforehand: what a control becomes on a page without a kernel. */

import { escapeHtml } from "../figures/index.js";
import type { Bundle } from "./mime.js";

/** Media type of a list of pictures, one of which is seen at a time. */
export const FRAMES = "application/vnd.carbonbook.frames+json";

/** One picture, and the value of the control it was made for. */
export interface Frame {
  readonly label: string;
  /** a PNG in base64 */
  readonly image: string;
}

/**
 * Put pictures behind a slider.
 *
 * Pages that run no script of an output, as a notebook that is not trusted, show the first chosen.
 *
 * @param title  what the slider changes
 * @param chosen index of the picture that is seen first
 */
export function framesBundle(title: string, frames: readonly Frame[], chosen: number): Bundle {
  const { label, image } = frames[chosen]!;
  const source = (png: string) => `data:image/png;base64,${png}`;
  const pictures = escapeHtml(JSON.stringify(frames.map((frame) => source(frame.image))));
  const labels = escapeHtml(JSON.stringify(frames.map((frame) => frame.label)));
  const show =
    "const f=this.closest('figure');f.querySelector('img').src=JSON.parse(f.dataset.pictures)[this.value];" +
    "f.querySelector('output').textContent=JSON.parse(f.dataset.labels)[this.value]";
  const html =
    `<figure style="margin:0" data-pictures="${pictures}" data-labels="${labels}"><label>${escapeHtml(title)} ` +
    `<input type="range" min="0" max="${frames.length - 1}" step="1" value="${chosen}" oninput="${show}"> ` +
    `<output>${escapeHtml(label)}</output></label><br>` +
    `<img style="max-width:100%" alt="${escapeHtml(`${title} ${label}`)}" src="${source(image)}"></figure>`;
  return {
    data: {
      [FRAMES]: { title, chosen, frames },
      "text/html": html,
      "image/png": image,
      "text/plain": `[${title}: ${frames.map((frame) => frame.label).join(", ")}; shown: ${label}]`,
    },
    metadata: {},
  };
}
