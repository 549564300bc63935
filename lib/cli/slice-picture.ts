/** A slice of a file as a picture. */

import { type Axis, figure, heatmap, line, renderPng } from "../figures/index.js";
import type { Dataset } from "../io/index.js";
import { labelOf, titleOf } from "./showcommand.js";
import type { Slice, SliceAxis } from "./slice.js";

/** Most cells of a picture along one side: more cannot be told apart. */
const FINEST = 700;

/** Draw a slice along one or two dimensions as PNG. */
export function slicePicture(slice: Slice, dataset: Dataset): Promise<Uint8Array> {
  const { variable, axes } = slice;
  const label = variable.name;
  const units = variable.units || "1";
  const [rows, across] = axes;
  const panel =
    across === undefined
      ? {
          x: axisOf(rows!),
          y: { label, units },
          layers: [line({ x: Array.from(rows!.values), y: Array.from(slice.values) })],
        }
      : {
          x: axisOf(across),
          y: axisOf(rows!),
          layers: [heatmap({ ...thinned(slice), scale: { label, units } })],
        };
  return renderPng(
    figure({
      id: "show",
      study: "show",
      title: titleOf(slice),
      caption: `${variable.name} of ${dataset.path}.`,
      dataLabel: labelOf(dataset),
      panels: [panel],
    }),
  );
}

function axisOf({ label, units, values }: SliceAxis): Axis {
  const isDepth = /depth/i.test(label) && (values.at(-1) ?? 0) > 0;
  return { label, units, ...(isDepth ? { direction: "down" as const } : {}) };
}

/** Every n-th row and column, so that neither is finer than a picture can show; rows rise. */
function thinned({ axes, values }: Slice) {
  const [rows, across] = axes.map((axis) => axis.values);
  const [ny, nx] = [rows!.length, across!.length];
  const take = (n: number) => {
    const step = Math.ceil(n / FINEST);
    return Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step);
  };
  const [is, js] = [take(ny), take(nx)];
  const z = Float64Array.from({ length: is.length * js.length }, (_, k) => {
    const [i, j] = [is[Math.floor(k / js.length)]!, js[k % js.length]!];
    return values[i * nx + j]!;
  });
  return { x: js.map((j) => across![j]!), y: is.map((i) => rows![i]!), z };
}
