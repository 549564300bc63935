/** Values as MIME bundles: what they say of themselves, tables for what is tabular, else text. */
import { inspect } from "node:util";

/** What is sent to be shown: one value in several formats. */
export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const DISPLAY = Symbol.for("Jupyter.display");
/** Longest text of one value [characters]. */
const MAX_TEXT = 200_000;

/**
 * Make the bundle of a value.
 *
 * A value shows itself by `toMimeBundle()` or `[Symbol.for("Jupyter.display")]()`, both of which
 * may be asynchronous and give either `{mime: data}` or `{data, metadata}`.
 */
export async function bundleOf(value: unknown): Promise<Bundle> {
  const own = await ownBundle(value);
  if (own === undefined) return { data: { "text/plain": textOf(value) }, metadata: {} };
  const { data, metadata } = isBundle(own) ? own : { data: own, metadata: {} };
  const text = "text/plain" in data ? {} : { "text/plain": briefTextOf(value) };
  return { data: { ...data, ...text }, metadata };
}

/** A value as text, as Node's console shows it. */
export function textOf(value: unknown): string {
  const text = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: MAX_TEXT });
  return text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT)}\n… ${text.length - MAX_TEXT} more characters`;
}

function briefTextOf(value: unknown): string {
  const name = (value as object).constructor?.name;
  return name === undefined || name === "Object" ? "[display]" : `[${name}]`;
}

async function ownBundle(value: unknown): Promise<Record<string, unknown> | undefined> {
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return undefined;
  const { toMimeBundle, [DISPLAY]: display } = value as Record<string | symbol, unknown>;
  const show = typeof toMimeBundle === "function" ? toMimeBundle : display;
  if (typeof show !== "function") return undefined;
  return (await show.call(value)) as Record<string, unknown>;
}

function isBundle(
  own: Record<string, unknown>,
): own is { data: Record<string, unknown>; metadata: Record<string, unknown> } {
  return (
    typeof own.data === "object" &&
    own.data !== null &&
    !Object.keys(own).some((key) => key.includes("/"))
  );
}

/** JSON of a message's content; numbers that JSON lacks become null, typed arrays lists. */
export function toJson(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return Array.from(value as unknown as ArrayLike<number>);
    }
    return value;
  });
}
