import type { Reporter, TestModule } from "vitest/node";

/**
 * Print one plain closing line, `N passed, N failed`, and where `CARBONBOOK_REQUIRE_ALL` is set
 * count a skipped test as failed: there, every optional data file must be present.
 */
export class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: [] as string[] };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") counts.passed++;
        else if (state === "failed") counts.failed++;
        else counts.skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
      }
      if (module.state() === "failed" && module.errors().length > 0) counts.failed++;
    }
    const required = process.env.CARBONBOOK_REQUIRE_ALL === "1";
    if (required) {
      for (const name of counts.skipped)
        process.stdout.write(`skipped, though all are required: ${name}\n`);
      counts.failed += counts.skipped.length;
      if (counts.skipped.length > 0) process.exitCode = 1;
    }
    const skipped =
      required || counts.skipped.length === 0 ? "" : `, ${counts.skipped.length} skipped`;
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  }
}
