/** What a validation case is, and the table it is printed in. */

/** One number that a case must give. */
export interface Check {
  readonly name: string;
  readonly expected: number;
  readonly got: number;
  /** largest difference, in the unit of the numbers */
  readonly tolerance: number;
  readonly unit: string;
}

/** A published or closed-form case. */
export interface Case {
  readonly name: string;
  /** seconds or less on a laptop, so that the test suite runs it too */
  readonly quick: boolean;
  run(): Promise<readonly Check[]>;
}

/** Whether a number is within its tolerance. */
export function passes({ expected, got, tolerance }: Check): boolean {
  return Math.abs(got - expected) <= tolerance;
}

/** A check that a number is at most a bound. */
export function atMost(name: string, got: number, bound: number, unit: string): Check {
  return { name, expected: 0, got: Math.max(got, 0), tolerance: bound, unit };
}

/** A check of a pair of coordinates to a relative tolerance. */
export function near(
  name: string,
  got: readonly [number, number],
  expected: readonly [number, number],
  relative: number,
): Check[] {
  return expected.map((value, axis) => ({
    name: `${name}, ${axis === 0 ? "first" : "second"} coordinate`,
    expected: value,
    got: got[axis]!,
    tolerance: relative * Math.abs(value),
    unit: "m",
  }));
}

/** Run cases one after another and print a row for each check; returns how many failed. */
export async function printTable(cases: readonly Case[]): Promise<number> {
  let failed = 0;
  console.log(`${"case".padEnd(72)}${"expected".padStart(14)}${"got".padStart(16)}  tolerance`);
  for (const { name, run } of cases) {
    for (const check of await run()) {
      const row = `${name}: ${check.name} [${check.unit}]`;
      const ok = passes(check);
      if (!ok) failed++;
      const numbers = format(check.expected).padStart(14) + format(check.got).padStart(16);
      console.log(`${row.padEnd(72)}${numbers}  ${format(check.tolerance)}${ok ? "" : "  FAILED"}`);
    }
  }
  return failed;
}

function format(value: number): string {
  return String(Number(value.toPrecision(8)));
}
