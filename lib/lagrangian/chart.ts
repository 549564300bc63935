/**
 * Layers as a chart of the water column. q is height above the floor of a particle's layer in units
 * of the layer's thickness; beyond 0 … 1 it goes on in the same unit until it is settled.
 */

import type { ColumnSample, Window } from "../ocean/index.js";

/** Where a particle is: cells, layer, height in the layer, and height [m]. */
export interface Place {
  x: number;
  y: number;
  layer: number;
  q: number;
  z: number;
}

/** Conversions between layers and heights in the columns of a window. */
export interface Chart {
  /** thickness of a layer [m] */
  thickness(column: ColumnSample, layer: number): number;
  /** height of a layer's floor [m] */
  floor(column: ColumnSample, layer: number): number;
  /** bring q into 0 … 1 by changing layers, and set z; above or below the water q stays outside */
  settleQ(place: Place, column: ColumnSample): void;
  /** set layer, q and z from a height, kept in the water */
  settle(place: Place, column: ColumnSample, z: number): void;
}

/** Make the chart of a window's columns. */
export function makeChart(window: Window): Chart {
  const { nz } = window;
  const { sW, csW } = window.vertical;
  const ds = sW.slice(1).map((s, k) => s - sW[k]!);
  const dc = csW.slice(1).map((c, k) => c - csW[k]!);

  function thickness(column: ColumnSample, k: number): number {
    return column.a * ds[k]! + column.b * dc[k]!;
  }
  function floor(column: ColumnSample, k: number): number {
    return column.zeta + column.a * sW[k]! + column.b * csW[k]!;
  }
  function settleQ(place: Place, column: ColumnSample): void {
    let { layer, q } = place;
    while (q > 1 && layer < nz - 1) {
      q = ((q - 1) * thickness(column, layer)) / thickness(column, layer + 1);
      layer++;
    }
    while (q < 0 && layer > 0) {
      q = 1 + (q * thickness(column, layer)) / thickness(column, layer - 1);
      layer--;
    }
    place.layer = layer;
    place.q = q;
    place.z = floor(column, layer) + q * thickness(column, layer);
  }
  function settle(place: Place, column: ColumnSample, z: number): void {
    let low = 0;
    let high = nz;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (floor(column, middle) <= z) low = middle;
      else high = middle;
    }
    place.layer = low;
    place.q = Math.min(Math.max((z - floor(column, low)) / thickness(column, low), 0), 1);
    place.z = floor(column, low) + place.q * thickness(column, low);
  }
  return { thickness, floor, settleQ, settle };
}
