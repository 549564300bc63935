/**
 * Where the values of a variable lie, by what the file says (CF sections 4 and 5): coordinate
 * variables of its dimensions and those its `coordinates` attribute names. Nothing is taken from
 * shapes or guessed from names: in a file cut so that u, v and rho points have one shape, only
 * names and attributes tell them apart, and a file without coordinates stays without.
 */

import { MissingVariableError } from "../core/index.js";
import type { Dataset, Variable } from "./dataset.js";

/** The axes that CF knows by their units or standard names. */
export type Axis = "longitude" | "latitude" | "vertical" | "time";

const UNITS: Readonly<Record<Axis, RegExp>> = {
  longitude: /^degrees?[_ ]?(e|east)$/i,
  latitude: /^degrees?[_ ]?(n|north)$/i,
  vertical: /^(bar|millibar|decibar|dbar|atmosphere|atm|pascals?|pa|hpa)$/i,
  time: /\ssince\s/i,
};
const STANDARD_NAMES: Readonly<Record<Axis, RegExp>> = {
  longitude: /^(grid_)?longitude$/,
  latitude: /^(grid_)?latitude$/,
  vertical: /^(depth|height|altitude|air_pressure|ocean_.*coordinate.*|atmosphere_.*coordinate.*)$/,
  time: /^time$/,
};
const LETTERS: Readonly<Record<Axis, string>> = {
  longitude: "X",
  latitude: "Y",
  vertical: "Z",
  time: "T",
};

/**
 * Find the coordinate of a variable along an axis.
 *
 * @throws {MissingVariableError} if the file does not say
 */
export function coordinateOf(ds: Dataset, variable: Variable, axis: Axis): Variable {
  const stated = variable.attributes.coordinates;
  const names = [
    ...(typeof stated === "string" ? stated.split(/\s+/) : []),
    ...variable.dimensions,
  ].filter((name) => name !== "");
  const candidates = names.flatMap((name) => ds.variables.get(name) ?? []);
  const found = candidates.find((v) => isAlong(v, axis));
  if (found !== undefined) return found;
  throw new MissingVariableError({
    where: `${ds.path}:${variable.name}`,
    what: `${axis} coordinate`,
    wanted: "a variable that its dimensions or its `coordinates` attribute name",
    got: candidates.length === 0 ? "none" : candidates.map((v) => v.name).join(", "),
    remedy:
      "the file does not say where its values lie: give the coordinates yourself, from the product's manual",
  });
}

function isAlong(variable: Variable, axis: Axis): boolean {
  const { standard_name: standard, axis: letter, positive } = variable.attributes;
  if (UNITS[axis].test(variable.units)) return true;
  if (typeof standard === "string") return STANDARD_NAMES[axis].test(standard);
  if (axis === "vertical" && typeof positive === "string") return true;
  return letter === LETTERS[axis];
}
