/** What a notebook shows of a figure: Plotly JSON where it is understood, else HTML and a PNG. */

import { escapeHtml } from "./escape.js";
import type { FigureData } from "./figure.js";
import type { Piece } from "./layer.js";
import { packTrace } from "./packing.js";
import { renderPng, renderSvg } from "./render.js";

/** A Jupyter display bundle: content by media type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Make the bundle; the picture in it is drawn at twice the figure's size. */
export async function mimeBundle(figure: FigureData): Promise<MimeBundle> {
  const svg = await renderSvg(figure);
  const { data, layout, frames, width, title, caption, dataLabel } = figure;
  const config = { responsive: true, displaylogo: false };
  return {
    "application/vnd.plotly.v1+json": {
      ...{ data: data.map(packTrace), layout, config },
      ...(frames === undefined ? {} : { frames: frames.map(packFrame) }),
    },
    "text/html":
      `<figure style="margin:0"><img style="max-width:100%;height:auto" width="${width}" ` +
      `alt="${escapeHtml(title)}" src="data:image/svg+xml;base64,${base64(svg)}">` +
      `<figcaption>${escapeHtml(caption)} <em>Data: ${escapeHtml(dataLabel)}.</em></figcaption></figure>`,
    "image/png": base64(await renderPng(figure)),
    "text/plain": `${title} [data: ${dataLabel}]`,
  };
}

function packFrame(frame: Piece): Piece {
  return { ...frame, data: (frame.data as readonly Piece[]).map(packTrace) };
}

function base64(content: string | Uint8Array): string {
  return Buffer.from(content).toString("base64");
}
