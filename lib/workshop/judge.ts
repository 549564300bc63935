/** Judges of answers that are not one number: lists, functions, and things with a property. */

import { judgeNumber, kindOf, type NumberQuestion } from "./number.js";
import { type Judgement, RIGHT, unanswered, wrong } from "./verdict.js";

/** Judges an answer. */
export type Judge = (answer: unknown) => Judgement;

/** Exercises of one lesson by name; a judge is made when it is asked. */
export type Exercises = Readonly<Record<string, () => Judge>>;

/** A short list of numbers that is asked for, each with its name. */
export type ListQuestion = readonly (NumberQuestion & { readonly name: string })[];

/** Make the judge of a short list; the hint names the first entry that is not right. */
export function listJudge(questions: ListQuestion): Judge {
  const names = questions.map(({ name }) => name).join(", ");
  return (answer) => {
    const values = numbersOf(answer);
    if (values === undefined || values.length === 0 || values.some(Number.isNaN)) {
      return isOpen(answer)
        ? unanswered(`not answered yet. Wanted: a list of ${questions.length}: ${names}.`)
        : wrong(`this is ${kindOf(answer)}. Wanted: a list of numbers: ${names}.`);
    }
    if (values.length !== questions.length) {
      return wrong(`${values.length} numbers; ${questions.length} are wanted: ${names}.`);
    }
    for (const [i, question] of questions.entries()) {
      const judgement = judgeNumber(values[i], question);
      if (judgement.state !== "right") return wrong(`${question.name}: ${judgement.hint}`);
    }
    return RIGHT;
  };
}

/** One call of a student's function. */
export interface Case {
  readonly args: readonly unknown[];
  readonly expected: number;
  /** absolute error that is accepted */
  readonly tolerance: number;
  /** what to say where it is wrong: the law that the case tries, not the value */
  readonly says: string;
}

/** Make the judge of a function that gives a number: it is tried on cases. */
export function functionJudge(wanted: string, cases: readonly Case[]): Judge {
  return (answer) => {
    if (answer === undefined || answer === null || Number.isNaN(answer)) {
      return unanswered(`not answered yet. Wanted: a function, ${wanted}.`);
    }
    if (typeof answer !== "function") {
      return wrong(`this is ${kindOf(answer)}. Wanted: the function itself, ${wanted}.`);
    }
    for (const { args, expected, tolerance, says } of cases) {
      const got = attempt(answer as (...given: readonly unknown[]) => unknown, args);
      if (got instanceof Error) return wrong(`it stops with "${got.message}".`);
      if (got === undefined || Number.isNaN(got)) {
        return unanswered(`it gives no number yet. Wanted: ${wanted}.`);
      }
      if (typeof got !== "number") return wrong(`it gives ${kindOf(got)}. Wanted: a number.`);
      if (!(Math.abs(got - expected) <= tolerance)) return wrong(says);
    }
    return RIGHT;
  };
}

/** Numbers of a list or a typed array; undefined for anything else. */
export function numbersOf(answer: unknown): number[] | undefined {
  const isList = Array.isArray(answer) || (ArrayBuffer.isView(answer) && "length" in answer);
  if (!isList) return undefined;
  const values = Array.from(answer as ArrayLike<unknown>);
  return values.every((value) => typeof value === "number") ? (values as number[]) : undefined;
}

/** Whether an answer is the stub it was: nothing, NaN, an empty list or one of NaN only. */
export function isOpen(answer: unknown): boolean {
  if (answer === undefined || answer === null || Number.isNaN(answer)) return true;
  const values = numbersOf(answer);
  return values?.every(Number.isNaN) ?? false;
}

function attempt(given: (...args: readonly unknown[]) => unknown, args: readonly unknown[]) {
  try {
    return given(...args);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
