import { check, EXERCISES } from "carbonbook/workshop";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
});

const ALL = Object.values(EXERCISES).flatMap((exercises) => Object.keys(exercises));

/** The error of a centred difference of a wave of 400 km on a grid of dx [km], as a share. */
const miss = (dx: number) => 1 - Math.sin((Math.PI * dx) / 200) / ((Math.PI * dx) / 200);

/** How far Euler's steps of dt [s] lead outward in one turn of ten days, as a share of the radius. */
const outward = (dt: number) => (1 + ((2 * Math.PI * dt) / 864000) ** 2) ** (864000 / dt / 2) - 1;

/** Right answers that a formula gives, worked out here on their own. */
const NUMBERS = {
  "fall-time": (3000 * 86400) / 80,
  vorticity: (-4 * Math.PI) / 864000,
  rossby: (4 * Math.PI) / 864000 / 1.10069e-4,
  "quarter-degree": 13.9,
  "catchment-side": -69.12,
  "euler-drift": 2.57,
  "first-layer": 144,
  effective: (120 * 0.19) / 1.81,
  "lag-days": 35,
  ceiling: Math.SQRT1_2,
  "how-many": 3,
  tropics: -1.3 + (1 / 2.48) * 3.3,
  "tropics-sigma": Math.sqrt(1 - 1 / 2.48),
  bias: 0.5 / 2.48,
  "missing-days": (7 + 3 + 12) / 2,
  order: Math.log2(miss(20) / miss(10)),
  "euler-order": Math.log2(outward(3600) / outward(1800)),
  "round-trip": 0.001,
  "random-round-trip": Math.sqrt(2 * 4 * 10 * 5 * 86400) / 1000,
  // of the lessons' own data: what their solutions come to
  "mean-current": 4.3858,
  peak: (100 * 13) / 400,
  climatology: 0.3693,
  "enough-particles": 3000,
  baseline: 0.47935,
  "false-alarms": 50.7,
  "fog-rank": 11,
} as const;

const LISTS: Readonly<Record<string, readonly number[]>> = {
  faces: [1170, 1160],
  "early-stop": [9, 13],
  combine: [-1.8, Math.sqrt(0.2)],
  "total-sigma": [Math.sqrt(2.39), 3.3],
  recovery: [0.1114, 0.6235],
};

const FUNCTIONS = {
  drift: (depth: number, speed: number, u: number) => (depth / speed) * 86.4 * u,
  coefficient: (p: ArrayLike<number>, q: ArrayLike<number>) =>
    Array.from(p).reduce((sum, value, i) => sum + Math.sqrt(value * q[i]!), 0),
} as const;

describe("a right answer passes", () => {
  test.each(Object.entries({ ...NUMBERS, ...LISTS, ...FUNCTIONS }))("%s", (exercise, answer) => {
    expect(check(exercise, answer)).toMatchObject({ exercise, state: "right", hint: "" });
  });
});

describe("what was not answered yet is no mistake", () => {
  test.each(ALL)("%s", (exercise) => {
    for (const stub of [undefined, Number.NaN]) {
      const { state, hint } = check(exercise, stub);
      expect([state, hint]).toEqual(["open", expect.stringContaining("Wanted:")]);
    }
  });

  test("of a list, a function, a map", () => {
    expect(check("faces", []).state).toBe("open");
    expect(check("standardise", new Float64Array(0)).state).toBe("open");
    expect(check("drift", () => Number.NaN).state).toBe("open");
    expect(check("beat-the-mean", { data: new Float32Array(0) }).state).toBe("open");
  });
});

describe("a hint tells", () => {
  const WRONG: readonly (readonly [exercise: string, answer: unknown, says: string])[] = [
    ["catchment-side", 69.12, "upstream"],
    ["vorticity", (4 * Math.PI) / 864000, "the sign is not"],
    ["quarter-degree", 13900, "metres or kilometres"],
    ["quarter-degree", 27.8, "at the equator"],
    ["fall-time", 37.5, "these are days"],
    ["fall-time", 3.24e6 / 3600, "seconds or hours?"],
    ["rossby", (4 * Math.PI) / 864000 / 1.4584e-4 / Math.sin(49), "degrees or radians?"],
    ["tropics", 30, "too large by about three orders of magnitude"],
    ["effective", 11, "the order of magnitude is right, but the number is too small"],
    ["effective", 12.2, "close, but a little too small"],
    ["ceiling", Number.POSITIVE_INFINITY, "division by zero"],
    ["ceiling", "0.7", "quotes make texts"],
    ["ceiling", Promise.resolve(0.7), "`await` missing"],
    ["faces", [1200, 1160], "u does not sit at the centres"],
    ["faces", [1170], "2 are wanted"],
    ["combine", [-1.5, 0.447], "one is surer"],
    ["drift", () => 0, "a trial gave a wrong number"],
    ["drift", () => "far", "it gives a text"],
    ["coefficient", (p: number[], q: number[]) => p.reduce((s, v, i) => s + v * q[i]!, 0), "root"],
    ["beat-the-mean", new Float32Array(10), "one map for each"],
    ["beat-the-mean", new Float32Array(80 * 256), "sum to 1"],
    ["beat-the-mean", new Float32Array(80 * 256).fill(1 / 256), "no better than the mean map"],
    ["round-trip", 4000, "opposite direction"],
  ];

  test.each(WRONG.map(([exercise, answer, says]) => ({ exercise, answer, says })))(
    "$exercise: $says",
    (wrong) => {
      const { exercise, answer, says } = wrong;
      const { state, hint } = check(exercise, answer);
      expect(state).toBe("wrong");
      expect(hint).toContain(says);
    },
  );

  test("a function that stops is told with its own words", () => {
    const broken = () => {
      throw new Error("depth is not defined");
    };
    expect(check("drift", broken).hint).toBe('it stops with "depth is not defined".');
  });
});

/** Numbers that a text holds. */
function numbersIn(text: string): number[] {
  return (text.match(/[−-]?\d+(\.\d+)?(e[−-]?\d+)?/g) ?? []).map((s) =>
    Number(s.replaceAll("−", "-")),
  );
}

const FACTORS = [
  -1,
  2,
  10,
  0.1,
  0.01,
  1000,
  1e-3,
  86400,
  1 / 86400,
  24,
  -1000,
  1.3,
  0.7,
  1e5,
  1.02,
  57.3,
];

describe("no hint holds the answer", () => {
  test("each exercise that asks for numbers is tried", () => {
    const asked = [...Object.keys(NUMBERS), ...Object.keys(LISTS), ...Object.keys(FUNCTIONS)];
    // correlations, maps and points are judged by what holds for them, not by a number
    const others = ["pearson", "standardise", "beat-the-mean"];
    expect([...asked, ...others].sort()).toEqual([...ALL].sort());
  });

  test.each(Object.entries(NUMBERS))("%s", (exercise, answer) => {
    // the judge of the baseline makes its twin anew, half a second each time
    const factors = exercise === "baseline" ? [-1, 10, 1.3] : FACTORS;
    const verdicts = factors.map((factor) => check(exercise, answer * factor));
    const wrong = verdicts.filter(({ state }) => state !== "right"); // some are in the tolerance
    for (const number of new Set(wrong.flatMap(({ hint }) => numbersIn(hint)))) {
      expect([number, check(exercise, number).state]).not.toEqual([number, "right"]);
    }
  });

  test.each(Object.entries(LISTS))("%s", (exercise, answer) => {
    const hints = FACTORS.flatMap((factor) => [
      check(exercise, [answer[0]! * factor, answer[1]]).hint,
      check(exercise, [answer[0], answer[1]! * factor]).hint,
    ]);
    for (const number of hints.flatMap(numbersIn)) {
      const first = check(exercise, [number, answer[1]]).state;
      const second = check(exercise, [answer[0], number]).state;
      expect([number, first, second]).toEqual([number, "wrong", "wrong"]);
    }
  });
});

test("a wrong answer writes one line to stderr, a right one none", () => {
  const spoken = vi.mocked(console.error);
  spoken.mockClear();
  check("ceiling", 0.5);
  check("ceiling", Math.SQRT1_2);
  expect(spoken.mock.calls).toEqual([["ceiling: not yet"]]);
});

test("a verdict shows itself as text, as HTML and as data", () => {
  const bundle = check("ceiling", 0.5).toMimeBundle();
  expect(bundle["text/plain"]).toBe("✗ ceiling: this is r². And r?");
  expect(bundle["text/html"]).toContain("And r?");
  expect(bundle["application/vnd.carbonbook.check+json"]).toEqual({
    exercise: "ceiling",
    state: "wrong",
    hint: "this is r². And r?",
  });
});

test("an exercise that does not exist is an error that lists those that do", () => {
  expect(() => check("ceilings", 1)).toThrow(
    /exercise: expected one of fall-time, .*got "ceilings"/,
  );
});
