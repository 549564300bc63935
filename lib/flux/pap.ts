/**
 * The trap record of the Porcupine Abyssal Plain as BODC publishes it: one row a sample, with the
 * dates at which the cup opened and closed, and the fluxes of dry weight, carbon and nitrogen.
 *
 * @see Lampitt & Pebody (2023), doi:10.5285/06bd25d5-fcd3-0f63-e063-6c86abc0481e
 */

import { MissingVariableError } from "../core/index.js";
import { readTable, type Table } from "../io/index.js";
import { parseDate } from "./dates.js";
import { type FluxName, makeTrapRecord, type TrapRecord, type TrapRow } from "./record.js";
import { checkFlux, fluxFactor } from "./units.js";

const COLUMNS: Readonly<Record<FluxName, RegExp>> = {
  mass: /dry.?weight/i,
  poc: /\bPOC\b/i,
  pic: /\bPIC\b/i,
  pon: /\b(TPN|PON|TN)\b/i,
};

/** How to read a record. */
export interface PapOptions {
  /** samples that overlap by more than a day: "refuse" (default) the file, or "exclude" them */
  readonly overlap?: "refuse" | "exclude";
}

/**
 * Read a trap record in BODC's layout: columns whose names hold "open" and "close" (a mid date is
 * computed, not read), `Dry Weight`, `POC`, `PIC`, `TPN`, each with its units in brackets.
 *
 * @throws {MissingVariableError} if there are no dates, or no flux
 * @throws {DataError} that names row and column of a date, number, unit or interval that is wrong
 */
export function readPapFluxes(path: string, options: PapOptions = {}): TrapRecord {
  const table = readTable(path);
  const [opening, closing] = [
    columnOf(table, /open/i, "the date a cup opened"),
    columnOf(table, /clos/i, "the date a cup closed"),
  ];
  const [open, close] = [table.texts(opening), table.texts(closing)];
  const names = [opening, closing].map((index) => `"${table.names[index]}"`);
  const columns = (Object.keys(COLUMNS) as FluxName[]).flatMap((name) => {
    const index = table.names.findIndex((title) => COLUMNS[name].test(title));
    if (index < 0) return [];
    const factor = fluxFactor(table.units[index]!, `${path}, column "${table.names[index]}"`);
    const place = `${path}, column "${table.names[index]}"`;
    const values = table.numbers(index);
    for (const [row, value] of values.entries()) checkFlux(value, `${place}, row ${row + 1}`);
    return [{ name, values, factor }];
  });
  if (columns.length === 0) {
    const wanted = "Dry Weight, POC, PIC or TPN";
    throw new MissingVariableError({
      where: path,
      what: "flux",
      wanted,
      got: table.names.join(", "),
    });
  }
  const rows = open.map((text, row): TrapRow => {
    const where = `${path}, row ${row + 1}`;
    return {
      where,
      columns: names.join(" and "),
      open: parseDate(text, `${where}, column ${names[0]}`),
      close: parseDate(close[row]!, `${where}, column ${names[1]}`),
      fluxes: Object.fromEntries(columns.map((c) => [c.name, c.factor * c.values[row]!])),
    };
  });
  return makeTrapRecord(path, rows, options);
}

function columnOf(table: Table, pattern: RegExp, meaning: string): number {
  const index = table.names.findIndex((name) => pattern.test(name));
  if (index >= 0) return index;
  throw new MissingVariableError({
    where: table.path,
    what: `column of ${meaning}`,
    wanted: `a name that matches ${pattern}`,
    got: table.names.join(", "),
  });
}
