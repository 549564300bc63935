/**
 * Start values for the networks of 3000 m from those of the surface at 1000 m, which have learnt to
 * read eddies: kernels of what both see are taken over, those of what only the new one sees are zero.
 */

import { ArgumentError, type NdArray } from "../core/index.js";
import { type Model, type Network, parametersOf, type Weights } from "../learn/index.js";
import type { ImageLayout } from "./images.js";
import { fieldsOf, type InputKind } from "./satelliteimages.js";

/** A network and what its channels and maps are. */
export interface TransferSource {
  readonly model: Model;
  /** its images, with the surface as their first depth */
  readonly layout: ImageLayout;
  /** depths of its output maps [m] */
  readonly levels: readonly number[];
}

/** The network that starts from it. */
export interface TransferTarget {
  readonly network: Network;
  readonly kind: InputKind;
  /** a subset of the source's [m] */
  readonly levels: readonly number[];
}

const FIRST = "down1a.weight";
const LAST = "maps.weight";

/**
 * Start a network from another. The four images of the source stand for the last four of the target's
 * five; the channels of the initial PDF, which are all alike, share what the source's had together.
 *
 * @throws {ArgumentError} if the networks have other widths or kernels, or a level is missing
 */
export function startFrom(
  { model, layout, levels }: TransferSource,
  target: TransferTarget,
): Weights {
  const rows = target.levels.map((level) => levels.indexOf(level));
  const weights = new Map<string, NdArray<Float32Array>>();
  for (const { name, shape } of parametersOf(target.network)) {
    const from = model.weights.get(name);
    const fits = (held: NdArray<Float32Array>) =>
      held.shape.every((length, axis) => {
        const free = (name === FIRST && axis === 1) || (name === LAST && axis === 0);
        return free || length === shape[axis];
      });
    if (from === undefined || !fits(from) || rows.includes(-1)) {
      throw new ArgumentError({
        what: `network to start ${target.kind} from`,
        wanted: `${name} of shape (${shape.join(", ")}) and the levels ${target.levels.join(", ")} m`,
        got: `(${from?.shape.join(", ") ?? "none"}) and ${levels.join(", ")} m`,
        remedy: "give both networks the same widths and kernel, or start from chance",
      });
    }
    const data =
      name === FIRST
        ? firstKernels(from, layout, { shape, kind: target.kind, maps: rows.length })
        : name === LAST
          ? Float32Array.from(rows.flatMap((row) => [...rowOf(from, row)]))
          : from.data.slice();
    weights.set(name, { data, shape });
  }
  return weights;
}

function rowOf({ data, shape }: NdArray<Float32Array>, row: number): Float32Array {
  const size = data.length / shape[0]!;
  return data.subarray(row * size, (row + 1) * size);
}

/** Kernels of the first layer, shape (filters, channels, k, k). */
function firstKernels(
  from: NdArray<Float32Array>,
  layout: ImageLayout,
  { shape, kind, maps }: { shape: readonly number[]; kind: InputKind; maps: number },
): Float32Array {
  const [filters, channels, high, wide] = shape as readonly [number, number, number, number];
  const area = high * wide;
  const held = from.shape[1]!;
  const data = new Float32Array(filters * channels * area);
  const fields = fieldsOf(kind);
  for (let filter = 0; filter < filters; filter++) {
    const add = (to: number, source: number, share: number) => {
      for (let k = 0; k < area; k++) {
        const at = (filter * channels + to) * area + k;
        data[at] = data[at]! + share * from.data[(filter * held + source) * area + k]!;
      }
    };
    for (const [to, source] of sharedChannels(kind, layout)) add(to, source, 1);
    for (let map = 0; map < maps; map++) {
      for (let pdf = held - layout.pdfChannels; pdf < held; pdf++) add(fields + map, pdf, 1 / maps);
    }
  }
  return data;
}

/** Channels that both see: number in the target and in the source. */
function sharedChannels(
  kind: InputKind,
  { depths, dates }: ImageLayout,
): (readonly [to: number, from: number])[] {
  const perDate = 4 * depths.length + 1;
  const [deep, satellites] = [kind === "5V-4L" ? 4 : 1, kind.startsWith("sst-ssh")];
  return dates.flatMap((_, date) =>
    [0, 1, 2, 3, 4].flatMap((quantity) => {
      const from = date * perDate + quantity * depths.length;
      if (!satellites) return [[(date + 1) * (4 * deep + 1) + quantity * deep, from] as const];
      const place = quantity === 0 ? 0 : quantity === 4 ? 1 : -1;
      return place < 0 ? [] : [[2 * (date + 1) + place, from] as const];
    }),
  );
}
