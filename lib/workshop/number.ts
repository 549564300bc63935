/**
 * Judging a number. A wrong one is told apart by what most often goes wrong: the sign, a factor
 * between units, a known slip, the order of magnitude. The expected value is never written out.
 */

import { type Judgement, RIGHT, unanswered, wrong } from "./verdict.js";

/** A wrong value that students are known to reach, and what to tell them. */
export interface Slip {
  readonly value: number;
  readonly hint: string;
}

/** A number that is asked for. */
export interface NumberQuestion {
  readonly expected: number;
  /** as written to a reader; "1" for a pure number */
  readonly units: string;
  /** largest error that is accepted, as a share of the expected value; 0.01 by default */
  readonly tolerance?: number;
  readonly slips?: readonly Slip[];
  /** what to think of where nothing else is recognised */
  readonly hint: string;
}

/** A factor that answers are often off by, and in which units it is worth a thought. */
interface Factor {
  readonly value: number;
  readonly says: string;
  readonly units: RegExp;
}

const ANY = /./;
const LENGTH_OR_MASS = /[mgC]/;
const TIME = /^(s|d)$|yr|\/s|s⁻¹/;
const ANGLE = /^1$|s⁻¹|m$/;

const FACTORS: readonly Factor[] = [
  { value: 2, says: "two: something counted twice, or half of it forgotten?", units: ANY },
  { value: 10, says: "ten: has a decimal point moved?", units: ANY },
  { value: 100, says: "100: centimetres or metres, per cent or shares?", units: ANY },
  { value: 1000, says: "1000: metres or kilometres, grams or kilograms?", units: LENGTH_OR_MASS },
  { value: 1e4, says: "10 000: cm² or m²?", units: LENGTH_OR_MASS },
  { value: 1e6, says: "a million: m² or km², or a prefix (µ, M)?", units: LENGTH_OR_MASS },
  { value: 7, says: "7: days or weeks?", units: TIME },
  { value: 24, says: "24: hours or days?", units: TIME },
  { value: 365.25, says: "365: days or years?", units: TIME },
  { value: 3600, says: "3600: seconds or hours?", units: TIME },
  { value: 86400, says: "86 400: seconds or days?", units: ANY },
  { value: 86.4, says: "86.4: metres per second or kilometres per day?", units: LENGTH_OR_MASS },
  { value: 180 / Math.PI, says: "57.3: degrees or radians?", units: ANGLE },
  { value: 2 * Math.PI, says: "2π: turns or radians?", units: ANGLE },
  { value: Math.PI, says: "π: is it there once too often?", units: ANGLE },
];

/** Counts in words: a figure in a hint could happen to be the answer. */
const COUNTS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** Make the judge of a number. */
export function numberJudge(question: NumberQuestion): (answer: unknown) => Judgement {
  return (answer) => judgeNumber(answer, question);
}

/** Judge one number. */
export function judgeNumber(answer: unknown, question: NumberQuestion): Judgement {
  const { units } = question;
  const wanted = units === "1" ? "a number without units" : `a number, in ${units}`;
  if (answer === undefined || answer === null || Number.isNaN(answer)) {
    return unanswered(`not answered yet. Wanted: ${wanted}.`);
  }
  if (typeof answer !== "number") {
    return wrong(`this is ${kindOf(answer)}. Wanted: ${wanted}.`);
  }
  if (!Number.isFinite(answer)) {
    return wrong("this is infinite. Is there a division by zero?");
  }
  return diagnose(answer, question);
}

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return "a list";
  if (value instanceof Promise) return "a promise (is an `await` missing?)";
  if (typeof value === "string") return "a text (quotes make texts)";
  if (typeof value === "function") return "a function (call it, with brackets)";
  return typeof value === "object"
    ? "an object (which of its fields is meant?)"
    : `a ${typeof value}`;
}

function diagnose(answer: number, question: NumberQuestion): Judgement {
  const { expected, tolerance = 0.01, slips = [], hint } = question;
  const near = (a: number, b: number) => Math.abs(a - b) <= tolerance * Math.abs(b);
  if (near(answer, expected)) return RIGHT;
  if (answer === 0) return wrong(`zero it is not. ${hint}`);
  const slip = slips.find(({ value }) => near(answer, value));
  if (slip !== undefined) return wrong(slip.hint);
  if (near(answer, -expected)) return wrong("the size is right, the sign is not.");
  const ratio = Math.abs(answer / expected);
  const factor = FACTORS.find(
    ({ value, units }) =>
      units.test(question.units) && (near(ratio, value) || near(1 / ratio, value)),
  );
  if (factor !== undefined) {
    const size = ratio > 1 ? "too large" : "too small";
    const sign = Math.sign(answer) === Math.sign(expected) ? "" : ", and of the other sign,";
    return wrong(`${size}${sign} by a factor of ${factor.says}`);
  }
  return wrong(`${magnitude(ratio)}${otherSign(answer, expected)} ${hint}`);
}

function magnitude(ratio: number): string {
  const orders = Math.log10(ratio);
  const size = orders > 0 ? "too large" : "too small";
  const whole = Math.round(Math.abs(orders));
  if (Math.abs(orders) < 0.02) return `close, but a little ${size}.`;
  if (whole === 0) return `the order of magnitude is right, but the number is ${size}.`;
  const count = COUNTS[whole - 1] ?? "very many";
  return `${size} by about ${count} order${whole === 1 ? "" : "s"} of magnitude.`;
}

function otherSign(answer: number, expected: number): string {
  return Math.sign(answer) === Math.sign(expected) ? "" : " The sign is not right either.";
}
