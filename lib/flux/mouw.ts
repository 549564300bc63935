/**
 * Trap fluxes of one place and depth out of the global compilation of Mouw et al. (2016).
 *
 * @see Mouw et al. (2016), Earth Syst. Sci. Data 8, 531, doi:10.1594/PANGAEA.855594
 */

import { DataError } from "../core/index.js";
import { readTable, type Table } from "../io/index.js";
import { parseDate } from "./dates.js";
import { type FluxName, makeTrapRecord, type TrapRecord, type TrapRow } from "./record.js";
import { checkFlux, fluxFactor } from "./units.js";

/** The file's columns: their names repeat, so the beginning of a title finds the right one. */
const COLUMNS: Readonly<Record<FluxName, string>> = {
  mass: "Flux tot",
  poc: "POC flux",
  pic: "PIC flux",
  pon: "PON flux",
};

/** A place of the compilation. */
export interface TrapPlace {
  /** [degrees north] */
  readonly latitude: readonly [south: number, north: number];
  /** [degrees east] */
  readonly longitude: readonly [west: number, east: number];
  /** [m] */
  readonly depth: number;
}

/** The trap of Picard et al. (2025): Porcupine Abyssal Plain, 3000 m. */
export const PAP_TRAP: TrapPlace = { latitude: [48, 50.5], longitude: [-18, -14], depth: 3000 };

/**
 * Read the samples of a place. Its intervals overlap by half a day by convention, which is clipped
 * and counted; rows that are means over more than a year are left out and counted, and so are rows
 * that overlap the one before by more than a day.
 *
 * @throws {DataError} if there are no rows of this place, or a date, interval or flux of one is wrong
 */
export function readMouwFluxes(path: string, place: TrapPlace = PAP_TRAP): TrapRecord {
  const table = readTable(path, { delimiter: "\t" });
  const [latitude, longitude, depth] = ["Latitude", "Longitude", "Depth water"].map((title) =>
    table.numbers(columnOf(table, title)),
  ) as [Float64Array, Float64Array, Float64Array];
  const inside = Array.from(depth.keys()).filter(
    (row) =>
      between(latitude[row]!, place.latitude) &&
      between(longitude[row]!, place.longitude) &&
      depth[row] === place.depth,
  );
  if (inside.length === 0) throw nowhere(path, place);
  const open = table.texts(columnOf(table, "Date/Time"));
  const close = table.texts(columnOf(table, "Date/time end"));
  const columns = (Object.keys(COLUMNS) as FluxName[]).map((name) => {
    const index = columnOf(table, COLUMNS[name]);
    const place = `${path}, column "${COLUMNS[name]}"`;
    const factor = fluxFactor(unitsOf(table, index), place);
    const values = table.numbers(index);
    for (const row of inside) checkFlux(values[row]!, `${place}, row ${row + 1}`);
    return { name, values, factor };
  });
  const rows = inside.map((row): TrapRow => {
    const where = `${path}, row ${row + 1}`;
    return {
      where,
      columns: '"Date/Time" and "Date/time end"',
      open: parseDate(open[row]!, `${where}, column "Date/Time"`),
      close: parseDate(close[row]!, `${where}, column "Date/time end"`),
      fluxes: Object.fromEntries(columns.map((c) => [c.name, c.factor * c.values[row]!])),
    };
  });
  return makeTrapRecord(path, rows, { overlap: "exclude" });
}

function between(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

function columnOf({ names, path }: Table, title: string): number {
  const index = names.findIndex((name) => name === title || name.startsWith(`${title} `));
  if (index >= 0) return index;
  throw new DataError({ where: path, what: `column "${title}"`, wanted: "it", got: "none" });
}

/** Units in the column's brackets, wherever in the title they stand. */
function unitsOf({ names, units }: Table, index: number): string {
  return units[index] || (/\[([^\]]*)\]/.exec(names[index]!)?.[1] ?? "");
}

function nowhere(path: string, { latitude, longitude, depth }: TrapPlace): DataError {
  return new DataError({
    where: path,
    what: "place",
    wanted: `rows in ${latitude.join("–")} °N, ${longitude.join("–")} °E at ${depth} m`,
    got: "none",
    remedy: "widen the box, or take a depth that the file has",
  });
}
