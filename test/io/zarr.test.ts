/** Zarr v2 and v3, in folders and archives; fixtures by xarray and zarr-python. */

import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "carbonbook/io";
import { expect, test } from "vitest";

const fixtures = fileURLToPath(new URL("../fixtures/io/zarr", import.meta.url));
const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";
const t = Float32Array.from({ length: 24 }, (_, i) => (i === 1 ? Number.NaN : i));

function copyOf(name: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), "carbonbook-zarr-")), name);
  cpSync(join(fixtures, name), folder, { recursive: true });
  return folder;
}

test.each(["v2", "v2.zip", "v3"])(
  "%s holds what xarray wrote, whole and in slices",
  async (name) => {
    const ds = await open(join(fixtures, name));
    const v = ds.variable("t");
    expect([ds.format, ds.attributes.title, v.units]).toEqual(["zarr", "zarr", "m s-1"]);
    expect([v.dimensions, v.shape]).toEqual([
      ["time", "y", "x"],
      [2, 3, 4],
    ]);
    expect((await v.read()).data).toEqual(t);
    const slice = await v.read({ time: 1, x: [1, 3] });
    expect(slice).toEqual({ data: Float32Array.of(13, 14, 17, 18, 21, 22), shape: [3, 2] });
    ds.close();
  },
);

test("packed big-endian values are unpacked, their fill value is missing, times are decoded", async () => {
  const ds = await open(join(fixtures, "v2"));
  const { data } = await ds.variable("p").read({ y: 2 });
  expect([...data]).toEqual([1.5, 2.5, NaN, 4.5]);
  expect((await ds.variable("time").readTimes()).calendar).toBe("noleap");
});

test("a slice reads only the chunks it touches", async () => {
  const folder = copyOf("v2");
  for (const chunk of readdirSync(join(folder, "t"))) {
    if (chunk.startsWith("1.")) writeFileSync(join(folder, "t", chunk), "damaged");
  }
  const v = (await open(folder)).variable("t");
  expect((await v.read({ time: 0 })).data).toEqual(t.slice(0, 12));
  await expect(v.read({ time: 1 })).rejects.toMatchObject({ tag: "data" });
});

test("a chunk that is cut off is an error, a chunk that was never written is missing", async () => {
  const folder = copyOf("v2");
  truncateSync(join(folder, "p/0.0"), 10);
  const ds = await open(folder);
  await expect(ds.variable("p").read()).rejects.toMatchObject({ tag: "data" });
  const bare = copyOf("v3");
  cpSync(join(bare, "t/zarr.json"), join(bare, "u/zarr.json"));
  const { data } = await (await open(bare)).variable("u").read();
  expect(data.every(Number.isNaN)).toBe(true);
});

test("metadata that ask for more than the store can hold are refused", async () => {
  const folder = copyOf("v3");
  const path = join(folder, "t/zarr.json");
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace('"shape": [2, 3, 4]', '"shape": [200000, 3000, 4000]'),
  );
  const v = (await open(folder)).variable("t");
  await expect(v.read()).rejects.toThrow(/at most \d+ bytes at once/);
  expect((await v.read({ time: 1, y: 2, x: 3 })).data[0]).toBe(23);
});

test("damaged metadata and archives are refused", async () => {
  const folder = copyOf("v2");
  writeFileSync(join(folder, "t/.zarray"), "{");
  await expect(open(folder)).rejects.toMatchObject({ tag: "data" });
  const zip = copyOf("v2.zip");
  const bytes = readFileSync(zip);
  for (let i = 0; i < 200; i++) {
    const damaged = Buffer.from(bytes);
    damaged[(i * 7919) % bytes.length]! ^= 1 << (i % 8);
    writeFileSync(zip, damaged);
    const outcome = await open(zip)
      .then((ds) => Promise.all([...ds.variables.values()].map((v) => v.read())))
      .then(
        () => "read",
        (error: { tag?: string }) => error.tag,
      );
    expect(["read", "data"]).toContain(outcome);
  }
});

const trajectory = join(mirror, "formats/cf_bad/trajectory.zarr.zip");
test.skipIf(!existsSync(trajectory))("an archive from the wild is read", async () => {
  const ds = await open(trajectory);
  const { data, shape } = await ds.variable("temperature").read();
  expect(shape.length).toBe(3);
  expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
});
