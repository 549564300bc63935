/** What is read without the HDF5 library is what the library reads. */

import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeRandom } from "carbonbook/core";
import { createNetcdf, open, type Selection, type Variable } from "carbonbook/io";
import { expect, test, vi } from "vitest";
import { unshuffle } from "../../lib/io/shuffle.js";
import { UNSHUFFLE_SOURCE_SHA256 } from "../../lib/io/unshuffle-wasm.js";

const here = vi.hoisted(() => ({ on: true, reads: 0 }));
vi.mock("../../lib/io/hdf5-chunks.js", async (original) => {
  const real = await original<typeof import("../../lib/io/hdf5-chunks.js")>();
  const makeChunkReader: typeof real.makeChunkReader = (...args) => {
    const read = real.makeChunkReader(...args);
    return (ranges) => {
      const found = here.on ? read(ranges) : undefined;
      if (found !== undefined) here.reads++;
      return found;
    };
  };
  return { makeChunkReader };
});

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";
const parent = (name: string) =>
  fileURLToPath(new URL(`../fixtures/io/parents/${name}`, import.meta.url));

test.each([
  [join(mirror, "satellite/ssh/dt_med_allsat_phy_l4_2005T2.nc"), "deflated, shuffled shorts"],
  [join(mirror, "satellite/ssh/nrt_global_allsat_phy_l4_20190223_20190226.nc"), "packed integers"],
  [join(mirror, "ocean-carbon/reccap2/RECCAP2_region_masks_all_v20221025.nc"), "masks"],
  [parent("packed.nc"), "packed and unlimited"],
  [parent("old.h5"), "several filters, some of them not read here"],
])("%s (%s) is read alike, whole and in slices", async (path) => {
  if (!existsSync(path)) return expect(mirror).toBe("");
  expect(await compare(path, 8)).toBeGreaterThan(0);
});

test("chunks that stick out, and chunks never written, are read alike", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "carbonbook-chunks-")), "a.nc");
  const writer = await createNetcdf(path, {
    dimensions: { time: { length: 0, unlimited: true }, y: 13, x: 37 },
    variables: {
      f: { dimensions: ["time", "y", "x"], type: "f64", chunks: [3, 5, 8], deflate: 6 },
      i: { dimensions: ["time", "y", "x"], type: "i16", chunks: [2, 13, 37], deflate: 0 },
    },
  });
  const step = Float64Array.from({ length: 13 * 37 }, (_, k) => Math.sin(k));
  for (const t of [0, 1, 2, 9]) writer.write("f", step, { time: t });
  writer.write(
    "i",
    Int16Array.from(step, (x) => 1e4 * x),
    { time: 4 },
  );
  writer.close();
  expect(await compare(path, 30)).toBeGreaterThan(1);
});

test("a slice touches only the chunks it needs, with the HDF5 library and without", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "carbonbook-chunks-")), "lazy.nc");
  const shape = { dimensions: ["time", "x"], type: "f64", chunks: [1, 8192], deflate: 1 } as const;
  const writer = await createNetcdf(path, {
    dimensions: { time: { length: 0, unlimited: true }, x: 8192 },
    variables: { f: shape },
  });
  const { normal } = makeRandom(7);
  const row = (t: number) => Float64Array.from({ length: 8192 }, () => (t === 2 ? normal() : t));
  for (let t = 0; t < 4; t++) writer.write("f", row(t), { time: t });
  writer.close();
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1; // record 2 is noise, which does not pack: its chunk is there
  writeFileSync(path, bytes.fill(0, middle - 500, middle + 500));
  for (const on of [true, false]) {
    here.on = on;
    const ds = await open(path);
    const f = ds.variable("f");
    for (const t of [0, 1, 3]) expect((await f.read({ time: t })).data).toEqual(row(t));
    await expect(f.read({ time: [1, 3] })).rejects.toMatchObject({ tag: "data" });
    ds.close();
  }
  here.on = true;
});

test("unshuffling undoes the shuffle of any width, with a rest at the end", () => {
  // 70,001 values are more than one piece of the kernel, and no multiple of its 16
  for (const [size, count] of [1, 2, 3, 4, 8].flatMap(
    (s) => [11, 70_001].map((n) => [s, n]) as [number, number][],
  )) {
    const plain = Uint8Array.from(
      { length: count * size + (size > 1 ? 1 : 0) },
      (_, i) => (i * 31) ^ (i >> 5),
    );
    const shuffled = plain.slice();
    for (let i = 0; i < count; i++) {
      for (let b = 0; b < size; b++) shuffled[b * count + i] = plain[i * size + b]!;
    }
    expect(Buffer.compare(unshuffle(shuffled, size), plain)).toBe(0);
  }
});

test("the kernel that unshuffles is the one its source makes", () => {
  const source = readFileSync(fileURLToPath(new URL("../../lib/io/unshuffle.as", import.meta.url)));
  expect(createHash("sha256").update(source).digest("hex")).toBe(UNSHUFFLE_SOURCE_SHA256);
});

/** Read every numeric variable both ways; returns how many reads did without the library. */
async function compare(path: string, slices: number): Promise<number> {
  const random = makeRandom(5);
  here.reads = 0;
  const [ours, theirs] = [await open(path), await open(path)];
  for (const variable of ours.variables.values()) {
    if (["char", "string", "other"].includes(variable.type)) continue;
    for (let n = 0; n <= slices; n++) {
      const selection = n === 0 ? {} : pick(variable, () => random.uniform());
      here.on = true;
      const got = await variable.readStored(selection);
      here.on = false;
      const wanted = await theirs.variable(variable.name).readStored(selection);
      expect(got.shape).toEqual(wanted.shape);
      expect(bytesOf(got.data).equals(bytesOf(wanted.data)), variable.name).toBe(true);
    }
  }
  ours.close();
  theirs.close();
  return here.reads;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function pick({ dimensions, shape }: Variable, uniform: () => number): Selection {
  const entries = shape.map((length, d) => {
    const start = Math.floor(uniform() * length);
    const stop = Math.min(length, start + 1 + Math.floor(uniform() * 20));
    return [dimensions[d]!, [start, stop]] as const;
  });
  return new Set(dimensions).size === dimensions.length ? Object.fromEntries(entries) : {};
}
