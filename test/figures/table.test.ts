import { groupColumns, table, tableCsv, tableHtml, tableText } from "carbonbook/figures";
import { expect, test } from "vitest";

const demo = () =>
  table({
    id: "scores",
    study: "tests",
    title: "Scores",
    caption: "By speed.",
    dataLabel: "twin (synthetic)",
    columns: [
      { name: "network", units: "", values: ['4 "levels"', "surface, basic", "surface, basic"] },
      { name: "loss", units: "1", values: [0.123456789, Number.NaN, 0.25], digits: 2 },
      { name: "speed", units: "m d⁻¹", values: [80, 100, null] },
    ],
  });

test("CSV quotes what must be quoted, keeps every digit and leaves gaps empty", () => {
  expect(tableCsv(demo())).toBe(
    'network,loss,speed (m d⁻¹)\r\n"4 ""levels""",0.123456789,80\r\n"surface, basic",,100\r\n"surface, basic",0.25,\r\n',
  );
});

test("HTML escapes all text and marks headers", () => {
  const html = tableHtml({ ...demo(), title: "<script>" });
  expect(html).toContain("&lt;script&gt;");
  expect(html).toContain("<td>4 &quot;levels&quot;</td>");
  expect(html).toContain('<th scope="col">speed (m d⁻¹)</th>');
});

test("text is aligned, with numbers at the right and a dash for what is missing", () => {
  expect(tableText(demo()).split("\n")).toEqual([
    "Scores [data: twin (synthetic)]",
    "network         loss  speed (m d⁻¹)",
    "--------------  ----  -------------",
    '4 "levels"      0.12             80',
    "surface, basic     –            100",
    "surface, basic  0.25  –",
    "",
  ]);
});

test("a notebook shows HTML and text", () => {
  expect(Object.keys(demo().toMimeBundle())).toEqual(["text/html", "text/plain"]);
});

test("columns of different length and names given twice are refused", () => {
  const short = { name: "x", units: "", values: [1] };
  expect(() => table({ ...demo(), columns: [...demo().columns, short] })).toThrow(
    'column "x": expected 3 values, got 1',
  );
  expect(() => table({ ...demo(), columns: [short, short] })).toThrow(
    'names that differ, got two "x"',
  );
});

test("rows are grouped through danfojs, units kept", async () => {
  const columns = await groupColumns(
    {
      columns: [
        { name: "site", units: "", values: ["a", "b", "a"] },
        { name: "flux", units: "g", values: [1, 2, 4] },
      ],
    },
    "site",
    { flux: "mean" },
  );
  expect(columns).toEqual([
    { name: "site", units: "", values: ["a", "b"] },
    { name: "flux_mean", units: "g", values: [2.5, 2] },
  ]);
  await expect(groupColumns({ columns }, "place", {})).rejects.toThrow(
    /column: expected one of site/,
  );
});
