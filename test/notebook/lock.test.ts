import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { takeLock } from "carbonbook/notebook";
import { expect, test } from "vitest";
import { makeFolder } from "./samples.js";

const CLAIMANTS = 20;

/** A lock as a process that is gone left it. */
function deadLock(path: string): void {
  const { pid } = spawnSync("true");
  writeFileSync(path, JSON.stringify({ pid, host: hostname(), since: "2026-01-01T00:00:00Z" }));
}

test.each([
  { name: "a free lock", prepare: () => undefined },
  { name: "the lock of a dead process", prepare: deadLock },
  { name: "a lock cut off by a crash", prepare: (path: string) => writeFileSync(path, "") },
])("of many that want $name at once, exactly one gets it", async ({ prepare }) => {
  for (let round = 0; round < 5; round++) {
    const folder = makeFolder();
    const path = join(folder, ".lock");
    prepare(path);
    const claims = await Promise.allSettled(
      Array.from({ length: CLAIMANTS }, () => takeLock(path)),
    );
    const won = claims.filter((claim) => claim.status === "fulfilled");
    const lost = claims.filter((claim) => claim.status === "rejected");
    expect([won.length, lost.length]).toEqual([1, CLAIMANTS - 1]);
    for (const { reason } of lost) expect(String(reason)).toContain("one run at a time");
    await won[0]!.value();
    expect(readdirSync(folder)).toEqual([]);
  }
});

test.runIf(process.platform === "linux")(
  "the lock of a process whose number another one has by now is taken over",
  async () => {
    const path = join(makeFolder(), ".lock");
    const holder = { pid: process.pid, host: hostname(), since: "2026-01-01T00:00:00Z" };
    writeFileSync(path, JSON.stringify({ ...holder, birth: "another boot 1" }));
    await (await takeLock(path))();
    writeFileSync(path, JSON.stringify(holder));
    await expect(takeLock(path)).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
  },
);

test("a lock of another machine is not touched", async () => {
  const path = join(makeFolder(), ".lock");
  writeFileSync(path, JSON.stringify({ pid: 1, host: "elsewhere", since: "2026-01-01T00:00:00Z" }));
  await expect(takeLock(path)).rejects.toThrow("process 1 on elsewhere");
});
