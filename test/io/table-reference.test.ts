/** Every test table, compared with what Python's csv module reads from it. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readTable, type Table, type TableOptions } from "carbonbook/io";
import { expect, test } from "vitest";

interface TableFacts {
  readonly options: TableOptions;
  readonly count: number;
  /** missing cells and the sum of the others, or a hash of the texts */
  readonly columns: readonly (readonly [missing: number, sum: number] | string)[];
}

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";
const reference = new URL("../fixtures/io/reference-tables.json", import.meta.url);
const tables = Object.entries(
  JSON.parse(readFileSync(reference, "utf8")) as Record<string, TableFacts>,
);
const rooms = [...new Set(tables.map(([file]) => file.split("/").slice(0, 2).join("/")))];

test.each(rooms)("tables of %s hold what Python reads", (room) => {
  const own = tables.filter(([file]) => file.startsWith(`${room}/`));
  const wrong = own.flatMap(([file, facts]) => {
    if (!existsSync(join(mirror, file))) return mirror === "" ? [] : [`${file} is not here`];
    const table = readTable(join(mirror, file), facts.options);
    const shape = [table.count, table.names.length];
    if (`${shape}` !== `${[facts.count, facts.columns.length]}`) return [`${file}: ${shape}`];
    return facts.columns.flatMap((wanted, i) =>
      agrees(table, i, wanted) ? [] : [`${file}: column ${i}, ${table.names[i]}`],
    );
  });
  expect(wrong).toEqual([]);
});

function agrees(table: Table, column: number, wanted: TableFacts["columns"][number]): boolean {
  if (typeof wanted === "string") {
    const text = table.texts(column).join("\n");
    return createHash("sha256").update(text).digest("hex").slice(0, 16) === wanted;
  }
  const numbers = table.numbers(column);
  const present = numbers.filter((x) => !Number.isNaN(x));
  const sum = present.reduce((a, b) => a + b, 0);
  const size = present.reduce((a, b) => a + Math.abs(b), 0);
  return numbers.length - present.length === wanted[0] && Math.abs(sum - wanted[1]) <= 1e-12 * size;
}
