/**
 * The water column of a layered quasi-geostrophic ocean. Layers count from the top. The interface
 * below layer i has the reduced gravity g'ᵢ = ∫ N² dz between the centres of layers i and i + 1.
 */

import { ArgumentError } from "../core/index.js";

/** Layers, top first. */
export interface LayerColumn {
  /** thickness of each layer [m], shape (nz) */
  readonly thickness: readonly number[];
  /** reduced gravity of each interface [m s⁻²], shape (nz − 1) */
  readonly gravity: readonly number[];
  /** Coriolis parameter [s⁻¹] */
  readonly f0: number;
}

/**
 * Make a column from a profile of stratification.
 *
 * @param thickness of each layer, top first [m]
 * @param stability N(z), buoyancy frequency [rad s⁻¹] at height z ≤ 0 [m]
 * @throws {ArgumentError} if a layer has no thickness or an interface no stability
 */
export function makeLayerColumn(
  thickness: readonly number[],
  stability: (z: number) => number,
  f0: number,
): LayerColumn {
  const centres = layerCentres(thickness);
  const gravity = centres
    .slice(1)
    .map((below, i) => integrateSquare(stability, below, centres[i]!));
  const column = { thickness, gravity, f0 };
  checkLayerColumn(column);
  return column;
}

/** Refuse a column that cannot be inverted. */
export function checkLayerColumn({ thickness, gravity, f0 }: LayerColumn): void {
  if (thickness.length !== gravity.length + 1) {
    const got = `${thickness.length} layers and ${gravity.length} interfaces`;
    throw new ArgumentError({ what: "column", wanted: "one interface less than layers", got });
  }
  const wanted = "above 0 and finite";
  for (const [what, values] of Object.entries({ thickness, gravity, f0: [f0] })) {
    const bad = values.findIndex((value) => !(value > 0 && Number.isFinite(value)));
    if (bad >= 0) {
      throw new ArgumentError({ what: `${what}[${bad}]`, wanted, got: `${values[bad]}` });
    }
  }
}

/** Heights of the centres of layers [m], below zero. */
export function layerCentres(thickness: readonly number[]): number[] {
  const bottoms = interfaceHeights(thickness);
  return thickness.map((h, i) => bottoms[i]! + h / 2);
}

/** Heights of the lower boundaries of layers [m]; the last is the bottom. */
export function interfaceHeights(thickness: readonly number[]): number[] {
  let z = 0;
  return thickness.map((h) => {
    z -= h;
    return z;
  });
}

/**
 * The stretching operator: (S ψ)ᵢ = f₀²/Hᵢ [(ψᵢ₋₁ − ψᵢ)/g'ᵢ₋₁ − (ψᵢ − ψᵢ₊₁)/g'ᵢ].
 *
 * @param psi one value per layer
 */
export function stretch(column: LayerColumn, psi: readonly number[]): number[] {
  const { upper, lower } = couplings(column);
  return psi.map((value, i) => {
    const above = i === 0 ? 0 : upper[i]! * (psi[i - 1]! - value);
    const below = i === psi.length - 1 ? 0 : lower[i]! * (psi[i + 1]! - value);
    return above + below;
  });
}

/** f₀²/(Hᵢ g') of each layer's upper and lower interface [m⁻²]; 0 at the surface and the bottom. */
export function couplings({ thickness, gravity, f0 }: LayerColumn): {
  upper: Float64Array;
  lower: Float64Array;
} {
  const coupling = (i: number, g: number | undefined) =>
    g === undefined ? 0 : (f0 * f0) / (thickness[i]! * g);
  return {
    upper: Float64Array.from(thickness, (_, i) => coupling(i, gravity[i - 1])),
    lower: Float64Array.from(thickness, (_, i) => coupling(i, gravity[i])),
  };
}

/**
 * Deformation radii of the baroclinic modes [m], largest first: 1/√λ of −S, the barotropic mode
 * left out. Bisection on Sturm's count of negative pivots.
 *
 * @see Golub & Van Loan (2013), Matrix Computations, sect. 8.4
 */
export function deformationRadii(column: LayerColumn): number[] {
  const { upper, lower } = couplings(column);
  const nz = upper.length;
  const diagonal = upper.map((value, i) => value + lower[i]!);
  const countBelow = (x: number) => {
    let count = 0;
    let pivot = 1;
    for (let i = 0; i < nz; i++) {
      pivot = diagonal[i]! - x - (i === 0 ? 0 : (upper[i]! * lower[i - 1]!) / pivot);
      if (pivot < 0) count++;
    }
    return count;
  };
  const largest = 4 * Math.max(...diagonal);
  return Array.from({ length: nz - 1 }, (_, mode) => {
    let low = 0;
    let high = largest;
    for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
      const middle = (low + high) / 2;
      if (countBelow(middle) > mode + 1) high = middle;
      else low = middle;
    }
    return 1 / Math.sqrt((low + high) / 2);
  });
}

/** ∫ N² dz by Simpson's rule on 64 intervals [m s⁻²]. */
function integrateSquare(stability: (z: number) => number, from: number, to: number): number {
  const intervals = 64;
  const step = (to - from) / intervals;
  let sum = 0;
  for (let i = 0; i <= intervals; i++) {
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * stability(from + i * step) ** 2;
  }
  return (sum * step) / 3;
}
