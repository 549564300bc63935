import { expect, test } from "vitest";
import { bundleOf } from "../../lib/kernel/mime.js";
import { tableOf } from "../../lib/kernel/table.js";

test("records with the same keys are a table, others are not", () => {
  expect(
    tableOf([
      { depth: 10, flux: 0.123456789 },
      { depth: 20, flux: Number.NaN },
    ]),
  ).toBe(
    "<table><thead><tr><th></th><th>depth</th><th>flux</th></tr></thead><tbody>" +
      "<tr><th>0</th><td>10</td><td>0.123457</td></tr>" +
      "<tr><th>1</th><td>20</td><td>NaN</td></tr></tbody></table><p>2 rows × 2 columns</p>",
  );
  expect(tableOf([{ a: 1 }, { b: 2 }])).toBeUndefined();
  expect(tableOf([1, 2])).toBeUndefined();
  expect(tableOf([])).toBeUndefined();
});

test("a danfo data frame and a series are tables", async () => {
  const { DataFrame, Series } = (await import("danfojs-node")) as unknown as {
    DataFrame: new (data: object) => object;
    Series: new (data: number[]) => object;
  };
  expect(tableOf(new DataFrame({ a: [1, 2], b: ["<x>", null] }))).toContain(
    "<tr><th>0</th><td>1</td><td>&lt;x&gt;</td></tr>",
  );
  expect(tableOf(new Series([1, 2, 3]))).toContain("3 rows × 1 columns");
});

test("long and wide arrays show their ends", () => {
  const html = tableOf({ data: new Float64Array(10_000), shape: [100, 100] })!;
  expect(html.match(/<tr>/g)).toHaveLength(22);
  expect(html).toContain("<th>99</th>");
  expect(html).toContain("100 × 100, Float64Array");
});

test("a bundle keeps the text beside the table", () => {
  expect(bundleOf([{ a: 1 }])).toMatchObject({
    data: { "text/plain": "[ { a: 1 } ]", "text/html": expect.stringContaining("<table>") },
  });
  expect(bundleOf("x")).toEqual({ data: { "text/plain": "'x'" }, metadata: {} });
});
