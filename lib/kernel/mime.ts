/** Values as MIME bundles: what they say of themselves, tables for what is tabular, else text. */
import { inspect } from "node:util";
import type { Fields } from "../jupyter/index.js";
import { tableOf } from "./table.js";

/** What is sent to be shown: one value in several formats. */
export interface Bundle {
  /** by MIME type */
  readonly data: Fields;
  /** by MIME type */
  readonly metadata: Fields;
}

const DISPLAY = Symbol.for("Jupyter.display");
/** Longest text of one value [characters]. */
const MAX_TEXT = 200_000;

/**
 * Make the bundle of a value.
 *
 * A value shows itself by `toMimeBundle()` or `[Symbol.for("Jupyter.display")]()`, which may be
 * asynchronous and give `{mime: data}` or `{data, metadata}`. Data frames, typed arrays and lists
 * of records show as tables. All else is text, as on Node's console.
 */
export function bundleOf(value: unknown): Bundle | Promise<Bundle> {
  const own = ownBundle(value);
  if (own instanceof Promise) return own.then((given) => complete(given, value));
  if (own !== undefined) return complete(own, value);
  const html = tableOf(value);
  const data = { "text/plain": textOf(value) };
  return { data: html === undefined ? data : { ...data, "text/html": html }, metadata: {} };
}

/** A value as text, as Node's console shows it. */
export function textOf(value: unknown): string {
  const text = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: MAX_TEXT });
  return text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT)}\n… ${text.length - MAX_TEXT} more characters`;
}

/** JSON of a message's content: typed arrays become lists, big integers text. */
export function toJson(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    const isList = ArrayBuffer.isView(value) && !(value instanceof DataView);
    return isList ? Array.from(value as unknown as ArrayLike<number>) : value;
  });
}

function ownBundle(value: unknown): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return undefined;
  const { toMimeBundle, [DISPLAY]: show } = value as Record<string | symbol, unknown>;
  if (typeof toMimeBundle === "function") return toMimeBundle.call(value);
  return typeof show === "function" ? show.call(value) : undefined;
}

function complete(own: unknown, value: unknown): Bundle {
  if (typeof own !== "object" || own === null)
    return { data: { "text/plain": textOf(own) }, metadata: {} };
  const { data, metadata } = own as Partial<Bundle>;
  const isWhole = typeof data === "object" && data !== null;
  const formats: Fields = isWhole ? data : (own as Fields);
  const text = "text/plain" in formats ? {} : { "text/plain": nameOf(value) };
  return { data: { ...formats, ...text }, metadata: (isWhole ? metadata : undefined) ?? {} };
}

/** What stands for a value where only text can be shown. */
function nameOf(value: unknown): string {
  const { title } = value as { title?: unknown };
  const name = (value as object).constructor?.name ?? "Object";
  return typeof title === "string" ? `[${name}: ${title}]` : `[${name}]`;
}
