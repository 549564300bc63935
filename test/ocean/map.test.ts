import { closedFormOcean, linearShear, mapAt, radialRotation, uniformFlow } from "carbonbook/ocean";
import { expect, test } from "vitest";

const grid = { nx: 8, ny: 7, dx: 1000 };

test("speed is that of the flow inside the rim and missing on it", async () => {
  const map = await mapAt(closedFormOcean(uniformFlow(0.3, -0.4), grid), "speed", 20);
  expect(map.shape).toEqual([7, 8]);
  expect(map.units).toBe("m s-1");
  for (const [o, value] of map.values.entries()) {
    const [i, j] = [o % 8, Math.floor(o / 8)];
    const rim = i === 0 || i === 7 || j === 0 || j === 6;
    if (rim) expect(value).toBeNaN();
    else expect(value).toBeCloseTo(0.5, 7);
  }
});

test("vorticity of a clockwise rotation is minus twice its rate", async () => {
  const flow = radialRotation({ x: 3500, y: 3000 }, 86400);
  const map = await mapAt(closedFormOcean(flow, grid), "vorticity");
  expect(map.values[3 * 8 + 4]! / ((-4 * Math.PI) / 86400)).toBeCloseTo(1, 5);
});

test("a depth between levels is interpolated in height", async () => {
  const ocean = closedFormOcean(linearShear(0.01), { ...grid, heights: [-100, -60, -30, -10, 0] });
  for (const depth of [12, 33, 70]) {
    const map = await mapAt(ocean, "u", depth);
    expect(map.values[3 * 8 + 4]).toBeCloseTo(-0.01 * depth, 6);
  }
  expect((await mapAt(ocean, "u", 101)).values.every(Number.isNaN)).toBe(true);
});

test("instants and quantities that are not there are refused", async () => {
  const ocean = closedFormOcean(uniformFlow(1, 0), grid);
  await expect(mapAt(ocean, "u", 0, 3)).rejects.toThrow(/instant in 0 … 0/);
  await expect(mapAt(ocean, "temp")).rejects.toThrow(/temp/);
});
