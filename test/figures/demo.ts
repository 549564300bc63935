/** A small figure with every common layer, for the tests of this room. */

import {
  band,
  bar,
  contours,
  type Figure,
  type FigureOptions,
  figure,
  heatmap,
  line,
  mapPanel,
  region,
  rule,
  star,
} from "carbonbook/figures";

const NX = 24;
const NY = 18;

/** Centres and values of a wave, shape (NY, NX). */
export const WAVE = {
  x: Float64Array.from({ length: NX }, (_, i) => -19.75 + i / 3),
  y: Float64Array.from({ length: NY }, (_, j) => 46.25 + j / 3),
  z: Float32Array.from(
    { length: NX * NY },
    (_, k) => Math.sin((k % NX) / 4) * Math.cos(Math.floor(k / NX) / 3),
  ),
};

/** Make the figure, with some options changed. */
export function demo(changes: Partial<FigureOptions> = {}): Figure {
  const bounds = { west: -20, east: -12, south: 46, north: 52 };
  return figure({
    id: "demo",
    study: "tests",
    title: "Waves are high in the north",
    caption: 'A wave with "quotes" & <b>signs</b>.',
    dataLabel: "closed form",
    columns: 2,
    panels: [
      mapPanel({
        bounds,
        title: "Height",
        layers: [
          heatmap({ ...WAVE, scale: { label: "Height", units: "m" } }),
          contours({ ...WAVE, levels: [0.5], name: "half", colour: "#000000", labels: "value" }),
          region({ west: -18, east: -15, south: 48, north: 50 }, { name: "box" }),
          star({ x: -16.5, y: 49, name: "trap" }),
        ],
      }),
      {
        title: "Loss",
        x: { label: "Speed", units: "m d⁻¹" },
        y: { label: "Loss", units: "1" },
        layers: [
          band({ x: [1, 2, 3], low: [0, 1, 2], high: [1, 2, 3], name: "net" }),
          line({ x: [1, 2, 3], y: [0.5, 1.5, 2.5], name: "net", markers: "shown" }),
          rule({ at: 1, along: "x", label: "limit" }),
        ],
      },
      {
        title: "Share",
        x: { label: "", units: "" },
        y: { label: "Share", units: "%" },
        layers: [
          bar({ x: ["Jan", "Feb"], y: [1, 2], name: "net" }),
          bar({ x: ["Jan", "Feb"], y: [2, 1], name: "box" }),
        ],
      },
    ],
    ...changes,
  });
}
