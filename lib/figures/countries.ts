/** Outlines of countries from Natural Earth (public domain), through the world-atlas package. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import type { CoastDetail } from "./coast.js";

/** A country as Natural Earth draws it. */
export interface Country {
  readonly name: string;
  /** rings of longitude and latitude [degrees], outer ones and holes alike (even-odd rule) */
  readonly rings: readonly (readonly (readonly [longitude: number, latitude: number])[])[];
}

interface Shape {
  readonly properties: { readonly name: string };
  readonly geometry: { readonly type: string; readonly coordinates: never };
}

const require = createRequire(import.meta.url);

/** All countries with their rings; a ring may jump by 360° where it crosses 180°. */
export function countries(detail: CoastDetail = "110m"): Country[] {
  const path = require.resolve(`world-atlas/countries-${detail}.json`);
  const atlas = JSON.parse(readFileSync(path, "utf8"));
  const { features } = feature(atlas, atlas.objects.countries) as unknown as { features: Shape[] };
  return features.map(({ properties, geometry }) => {
    const polygons: Country["rings"][] =
      geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return { name: properties.name, rings: polygons.flat() };
  });
}
