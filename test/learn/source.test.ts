import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNetcdf } from "carbonbook/io";
import {
  arraySource,
  cosineDecay,
  makeProgressLine,
  netcdfSource,
  openSource,
  rateOf,
  stepDecay,
  subset,
  warmUp,
} from "carbonbook/learn";
import { expect, test } from "vitest";

const images = { data: Float32Array.from({ length: 24 }, (_, i) => i), shape: [4, 2, 3] };
const labels = { data: Float32Array.of(10, 11, 12, 13), shape: [4, 1] };

test("samples of a netCDF file are those of the arrays it was written from, in any order", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "learn-")), "samples.nc");
  await writeNetcdf(path, {
    dimensions: { sample: 4, row: 2, column: 3, one: 1 },
    variables: {
      images: { dimensions: ["sample", "row", "column"], data: images.data },
      labels: { dimensions: ["sample", "one"], data: labels.data },
    },
  });
  const file = await netcdfSource(path, { x: "images", y: "labels" });
  const memory = arraySource({ x: images, y: labels });
  const order = Int32Array.of(3, 0, 2);
  expect(file.count).toBe(4);
  expect(file.fields).toEqual(memory.fields);
  expect(await file.read(order)).toEqual(memory.read(order));
  file.close();
  await expect(netcdfSource(path, { x: "maps" })).rejects.toThrow(/maps/);
});

test("a module makes the samples that its description asks for", async () => {
  const code = `export const openSource = (start) => ({
    count: 2,
    fields: { x: [1] },
    read: (samples) => ({ x: { data: Float32Array.from(samples, (s) => start + s), shape: [samples.length, 1] } }),
    close() {},
  });`;
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const source = await openSource({ kind: "module", url, argument: 40 });
  expect((await source.read(Int32Array.of(1))).x!.data[0]).toBe(41);
});

test("a subset numbers its samples anew", async () => {
  const some = subset(arraySource({ y: labels }), Int32Array.of(2, 1));
  expect((await some.read(Int32Array.of(0))).y!.data[0]).toBe(12);
  expect(() => subset(arraySource({ y: labels }), Int32Array.of(4))).toThrow(
    "sample: expected 0 to 3, got 4",
  );
});

test("schedules start and end where they should", () => {
  expect([0, 9, 10, 20].map((epoch) => rateOf(stepDecay(1, 0.5, 10), epoch))).toEqual([
    1, 1, 0.5, 0.25,
  ]);
  expect(rateOf(cosineDecay(1, 10, 0.2), 0)).toBe(1);
  expect(rateOf(cosineDecay(1, 10, 0.2), 5)).toBeCloseTo(0.6, 12);
  expect(rateOf(cosineDecay(1, 10, 0.2), 30)).toBeCloseTo(0.2, 12);
  expect(rateOf({ kind: "cosine", rate: 1, epochs: 10 }, 5)).toBeCloseTo(0.5, 12);
  expect([0, 1, 3, 9].map((epoch) => rateOf(warmUp(2, 4), epoch))).toEqual([0.5, 1, 2, 2]);
});

test("the progress line tells epoch, loss and time left", () => {
  let [time, text] = [0, ""];
  const line = makeProgressLine({ write: (part) => (text += part), now: () => time, epochs: 2 });
  time = 3000;
  line.onStep({ epoch: 1, batch: 1, batches: 2, loss: 0.5, gradientNorm: 1 });
  expect(text).toContain("epoch 1/2 [##########..........] loss 0.5000, 9 s left");
});
