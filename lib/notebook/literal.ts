/** Values as literals: how a language spells each sort, and texts quoted in the usual ways. */

import { Float, type Kind, printFloat, type Value } from "./value.js";

/** How a language writes each sort of value. */
export interface Spelling {
  readonly nothing: string;
  readonly yes: string;
  readonly no: string;
  readonly nan: string;
  readonly infinity: string;
  /** a finite number, where there is but one sort */
  number?(value: number): string;
  text(value: string): string;
  list(items: readonly string[]): string;
  object(entries: readonly (readonly [key: string, literal: string])[]): string;
}

/** Write any value by a spelling. */
export function speller(spelling: Spelling): (value: Value, kind: Kind) => string {
  return function spell(value: Value, kind: Kind): string {
    if (value === null) return spelling.nothing;
    if (typeof value === "boolean") return value ? spelling.yes : spelling.no;
    if (typeof value === "bigint") return String(value);
    if (typeof value === "string") return spelling.text(value);
    if (typeof value === "number") return spellNumber(value, kind, spelling);
    if (value instanceof Float) return spellNumber(value.number, floatKind(kind), spelling);
    if (Array.isArray(value)) {
      const item = typeof kind === "object" && "list" in kind ? kind.list : "any";
      return spelling.list(value.map((member: Value) => spell(member, item)));
    }
    return spelling.object(
      Object.entries(value).map(([key, item]) => [key, spell(item as Value, "any")] as const),
    );
  };
}

function spellNumber(value: number, kind: Kind, spelling: Spelling): string {
  if (Number.isNaN(value)) return spelling.nan;
  if (!Number.isFinite(value)) return value > 0 ? spelling.infinity : `-${spelling.infinity}`;
  if (spelling.number) return Object.is(value, -0) ? "-0" : spelling.number(value);
  const isWhole = Number.isInteger(value) && kind !== "number" && !Object.is(value, -0);
  return isWhole ? String(value) : printFloat(value);
}

/** Where any number will do, one that was written as a float stays one. */
function floatKind(kind: Kind): Kind {
  return kind === "integer" ? "integer" : "number";
}

/** A text between double quotes with backslash escapes, all control characters escaped. */
export function quoted(value: string): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The same, where `$` starts an interpolation. */
export function quotedDollar(value: string): string {
  return quoted(value).replaceAll("$", "\\$");
}

/** A text between single quotes, where a quote is written twice. */
export function doubledQuotes(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
