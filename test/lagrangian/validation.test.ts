import { describe, expect, test } from "vitest";
import { passes } from "../../validation/lagrangian/case.js";
import { EDDY_CASES } from "../../validation/lagrangian/eddy-cases.js";
import { GYRE_CASES } from "../../validation/lagrangian/gyre-cases.js";
import { RANDOM_CASES } from "../../validation/lagrangian/random-cases.js";
import { SCHEME_CASES } from "../../validation/lagrangian/scheme-cases.js";
import { VERTICAL_CASES } from "../../validation/lagrangian/vertical-cases.js";

const cases = [
  ...EDDY_CASES,
  ...GYRE_CASES,
  ...VERTICAL_CASES,
  ...RANDOM_CASES,
  ...SCHEME_CASES,
].filter((c) => c.quick);

describe("validation cases that are quick", () => {
  test.each(cases)("$name", async ({ run }) => {
    const checks = await run();
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter((check) => !passes(check))).toEqual([]);
  });
});
