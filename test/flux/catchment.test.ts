import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCatchmentSpeeds, readCatchments, withoutLost } from "carbonbook/flux";
import { writeNetcdf } from "carbonbook/io";
import { expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "catchments-"));

async function write(name: string, n: number, attributes: Record<string, number>) {
  const data = new Float32Array(3 * n * n).fill(1 / n ** 2);
  data.fill(0.4 / n ** 2, n * n, 2 * n * n);
  const path = join(folder, name);
  await writeNetcdf(path, {
    dimensions: { time: 3, dx: n, dy: n },
    attributes,
    variables: {
      supermodel: { dimensions: ["time", "dx", "dy"], data },
      mid_date: { dimensions: ["time"], data: ["2010-01-01", "2010-01-11", "2010-01-21"] },
    },
  });
  return path;
}

test("bins are as wide as the file says, or 8 km where it is a published one", async () => {
  expect((await readCatchments(await write("ours.nc", 4, { bin_width_m: 16e3 }), 100)).dx).toBe(
    16e3,
  );
  expect((await readCatchments(await write("published.nc", 100, {}), 100)).dx).toBe(8e3);
  await expect(readCatchments(await write("neither.nc", 4, {}), 100)).rejects.toThrow(
    /bin_width_m/,
  );
});

test("five speeds are read by one pattern", async () => {
  for (const speed of [80, 100, 150, 200, 300])
    await write(`x-w${speed}.nc`, 4, { bin_width_m: 8e3 });
  const records = await readCatchmentSpeeds(join(folder, "x-w{speed}.nc"));
  expect(records.map(({ speed }) => speed)).toEqual([80, 100, 150, 200, 300]);
  expect(() => readCatchmentSpeeds(join(folder, "x-w80.nc"))).toThrow(/\{speed\}/);
});

test("dates whose particles mostly left the box are left out and counted", async () => {
  const record = await readCatchments(await write("lost.nc", 4, { bin_width_m: 16e3 }), 80);
  const kept = withoutLost(record);
  expect(kept.lost).toBe(1);
  expect([...kept.record.midDates]).toEqual([record.midDates[0], record.midDates[2]]);
  expect([...kept.record.maps]).toEqual([
    ...record.maps.subarray(0, 16),
    ...record.maps.subarray(32),
  ]);
  expect(withoutLost(record, 0.3).lost).toBe(0);
});
