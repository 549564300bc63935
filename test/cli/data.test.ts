/** `carbonbook data` as a user has it; the files come from the mirror folder, nothing from a network. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { carbonbook } from "./bin.js";

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";
const set = "carbon-budget/co2_ppm";

test.skipIf(!existsSync(join(mirror, set)))(
  "a set is listed, planned, fetched, found, and checked",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "data-"));
    const env = { CARBONBOOK_DATA: folder, CARBONBOOK_DATA_MIRROR: mirror };
    const data = (...args: string[]) => carbonbook(["data", ...args], { env });

    const plan = await data("fetch", "co2_ppm", "--dry-run");
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining(`${set}/co2-mm-mlo.csv`)]);
    expect(plan.stdout).toContain("6 files, 64.9 kB, to ");
    expect(existsSync(join(folder, set))).toBe(false);

    const fetched = await data("fetch", "co2_ppm");
    expect([fetched.code, fetched.stderr]).toEqual([
      0,
      expect.stringContaining("6 files, 64.9 kB"),
    ]);
    expect(fetched.stdout).toContain("6 fetched, 0 here already, 0 failed");

    const alone = { env: { ...env, CARBONBOOK_DATA_MIRROR: "" } };
    const list = await carbonbook(["data", "list"], alone);
    expect(list.stdout).toMatch(/^data set +size +here +access +licence +title$/m);
    expect(list.stdout).toMatch(/^co2_ppm +64.9 kB +here +PDDL.*Atmospheric CO2/m);
    expect(list.stdout).toMatch(/^la_thuile +\? +- +account/m);
    const where = await carbonbook(["data", "where", "co2_ppm", "mouw2016", "--json"], alone);
    expect(where.code).toBe(3); // one of the two is not here
    expect(JSON.parse(where.stdout)).toEqual({ co2_ppm: join(folder, set), mouw2016: null });

    writeFileSync(join(folder, set, "co2-gr-gl.csv"), "other");
    writeFileSync(join(folder, set, "mine.csv"), "a\n1\n");
    rmSync(join(folder, set, "co2-gr-mlo.csv"));
    const checked = await data("verify");
    expect(checked.code).toBe(3);
    expect(checked.stdout).toMatch(/^changed +co2_ppm +\S+co2-gr-gl\.csv$/m);
    expect(checked.stdout).toMatch(/^missing +co2_ppm +\S+co2-gr-mlo\.csv$/m);
    expect(checked.stdout).toContain("4 files right, 2 missing or changed");
    expect(checked.stderr).toContain(`not in the manifest: ${set}/mine.csv`);
    expect((await data("fetch", "co2_ppm")).stdout).toContain("2 fetched, 4 here already");
  },
);

test.each([
  { given: ["fetch", "co2_ppm"], says: "set CARBONBOOK_DATA to a folder with room" },
  { given: ["where", "co2"], says: 'data set "co2": expected one of co2_ppm' },
])("data $given is wrong usage, and told what is right", async ({ given, says }) => {
  const env = { CARBONBOOK_DATA: "", CARBONBOOK_DATA_MIRROR: "" };
  const { code, stderr } = await carbonbook(["data", ...given], { env });
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});
