/** Traps in a file, each as it was given: by longitude and latitude or in metres on the plane. */

import type { Dataset, NetcdfShape, NetcdfWriter } from "../io/index.js";
import type { Trap } from "../lagrangian/index.js";

/** Names, units and meaning of the two ways to say where a trap is. */
const PLACES = {
  degrees: [
    ["trap_longitude", "degrees_east", "longitude of the trap"],
    ["trap_latitude", "degrees_north", "latitude of the trap"],
  ],
  metres: [
    ["trap_east", "m", "east of the trap"],
    ["trap_north", "m", "north of the trap"],
  ],
} as const;

/** The variables of some traps, over the dimension `position`. */
export function trapVariables(traps: readonly Trap[]): Record<string, NetcdfShape> {
  const all = [...PLACES[kindOf(traps)], ["trap_depth", "m", "depth of the trap"] as const];
  return Object.fromEntries(
    all.map(([name, units, long_name]) => [
      name,
      { dimensions: ["position"], type: "f64", attributes: { units, long_name } },
    ]),
  );
}

/** Write where traps are and how deep. */
export function writeTraps(file: Pick<NetcdfWriter, "write">, traps: readonly Trap[]): void {
  const [east, north] = PLACES[kindOf(traps)];
  file.write(
    east[0],
    traps.map((trap) => ("east" in trap ? trap.east : trap.longitude)),
  );
  file.write(
    north[0],
    traps.map((trap) => ("north" in trap ? trap.north : trap.latitude)),
  );
  file.write(
    "trap_depth",
    traps.map((trap) => trap.depth),
  );
}

/**
 * Read the traps of a file.
 *
 * @throws {MissingVariableError} if it does not say where they are, or how deep
 */
export async function readTraps(file: Dataset): Promise<Trap[]> {
  const globe = file.variables.has(PLACES.degrees[0][0]);
  const [[eastName], [northName]] = PLACES[globe ? "degrees" : "metres"];
  const read = async (name: string) => (await file.variable(name).read()).data;
  const [east, north] = [await read(eastName), await read(northName)];
  const depths = await read("trap_depth");
  return Array.from(depths, (depth, t) =>
    globe
      ? { longitude: east[t]!, latitude: north[t]!, depth }
      : { east: east[t]!, north: north[t]!, depth },
  );
}

function kindOf([first]: readonly Trap[]): keyof typeof PLACES {
  return first !== undefined && "longitude" in first ? "degrees" : "metres";
}
