/** Soil layers of the two published forms of the matrix model: nodes, interfaces, thicknesses [m]. */

/** A column of soil layers, top first. */
export interface SoilLayers {
  /** depth of each layer's node, shape (n) [m], positive downwards */
  readonly nodes: Float64Array;
  /** depth of the interfaces, shape (n + 1) [m]; the first is the surface */
  readonly interfaces: Float64Array;
  /** thickness of each layer, shape (n) [m] */
  readonly thickness: Float64Array;
}

/** Thicknesses of CLM5's twenty soil layers [m] (CLM5 technical note, section 2.2.2.1). */
const CLM5_THICKNESS = [
  0.02, 0.04, 0.06, 0.08, 0.12, 0.16, 0.2, 0.24, 0.28, 0.32, 0.36, 0.4, 0.44, 0.54, 0.64, 0.74,
  0.84, 0.94, 1.04, 1.14,
];

/**
 * The ten layers of CLM4.5, to 3.80 m, as the 2020 model uses them.
 *
 * Nodes are z_i = 0.025 (exp(0.5 (i − 0.5)) − 1) for i = 1 … 11, unrounded; interfaces lie midway.
 *
 * @see Oleson et al. (2013), CLM4.5 technical note, chapter 6
 */
export function clm45Layers(): SoilLayers {
  const n = 10;
  const node = (i: number) => 0.025 * (Math.exp(0.5 * (i + 0.5)) - 1);
  const nodes = Float64Array.from({ length: n }, (_, i) => node(i));
  const interfaces = new Float64Array(n + 1);
  for (let i = 1; i <= n; i++) interfaces[i] = (node(i - 1) + node(i)) / 2;
  return { nodes, interfaces, thickness: differences(interfaces) };
}

/** The twenty layers of CLM5, to 8.60 m, as the 2023 model uses them; nodes are mid-layer. */
export function clm5Layers(): SoilLayers {
  const thickness = Float64Array.from(CLM5_THICKNESS);
  const interfaces = new Float64Array(thickness.length + 1);
  for (let i = 0; i < thickness.length; i++) interfaces[i + 1] = interfaces[i]! + thickness[i]!;
  const nodes = thickness.map((dz, i) => interfaces[i]! + dz / 2);
  return { nodes, interfaces, thickness };
}

function differences(edges: Float64Array): Float64Array {
  return Float64Array.from({ length: edges.length - 1 }, (_, i) => edges[i + 1]! - edges[i]!);
}
