/** Values that networks see, gathered for the comparison of distributions. */

import { degrade, resolutionOf, type SatelliteResolution } from "./degrade.js";
import type { Album } from "./images.js";
import { regrid, type SatelliteMaps, type TrapBox } from "./satellitemap.js";

/** How many snapshots and which share of their cells are enough for a distribution. */
const SNAPSHOTS = 12;
const EVERY = 7;

/**
 * SSH and SST of an album as the network of satellites is trained on them, or as a satellite spoils
 * them: some cells of some snapshots.
 *
 * @param options width of a cell [m]; resolution that the network was trained at; and what a
 *                satellite does to a field (`satelliteView`), nothing by default
 */
export function inputValues(
  { snapshots }: Pick<Album, "snapshots">,
  options: {
    readonly dx: number;
    readonly resolution?: SatelliteResolution | undefined;
    readonly view?: (field: Float32Array, name: "ssh" | "sst", time: number) => Float32Array;
  },
): Readonly<Record<"ssh" | "sst", Float64Array>> {
  const { dx, resolution, view } = options;
  const found = { ssh: [] as number[], sst: [] as number[] };
  const step = Math.max(1, Math.floor(snapshots.size / SNAPSHOTS));
  for (const [k, [time, { nx: n, ssh, temperature }]] of [...snapshots].entries()) {
    if (k % step !== 0) continue;
    for (const name of ["ssh", "sst"] as const) {
      const field = name === "ssh" ? ssh : temperature.subarray(0, n * n);
      const seen = degrade(field, n, dx, resolutionOf(name, resolution));
      const shown = view === undefined ? seen : view(seen, name, time);
      for (let at = 0; at < shown.length; at += EVERY) found[name].push(shown[at]!);
    }
  }
  return { ssh: Float64Array.from(found.ssh), sst: Float64Array.from(found.sst) };
}

/** Values of a real map in a box: of SSH the difference from the box's mean, of SST as it is. */
export function boxValues(maps: SatelliteMaps, box: TrapBox, name: "ssh" | "sst"): Float64Array {
  const known = Float64Array.from(regrid(maps, box).values.filter((value) => !Number.isNaN(value)));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return name === "ssh" ? known.map((value) => value - mean) : known;
}
