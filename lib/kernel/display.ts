/**
 * What notebooks call: show, update and clear outputs, ask the reader, hear of an interrupt.
 * Outside of a kernel the same calls print text, so that a notebook's code also runs as a script.
 */
import { EnvironmentError } from "../core/index.js";
import type { Fields, Message } from "../jupyter/index.js";
import { type Cell, cellOf, wait } from "./cell.js";
import { type Bundle, bundleOf, textOf } from "./mime.js";
import { displayContent, type Extra, type Output } from "./output.js";

/** A value that shows itself in the formats given. */
export interface Displayable {
  toMimeBundle(): Bundle;
}

let live: Output | undefined;
/** Questions to the reader that wait for an answer. */
const questions: ((answer: Message) => void)[] = [];

/** Let the functions of this file work in the kernel of this process. */
export function useOutput(output: Output): void {
  live = output;
}

/** Give the reader's answer to who asked. */
export function takeInput(message: Message): void {
  questions.shift()?.(message);
}

/**
 * Show a value in the notebook, now.
 *
 * @param value   anything; see `bundleOf` for what shows richly
 * @param options `id` names the output for `update`
 * @returns a promise that is done when the value is on its way; need not be awaited, the cell waits
 */
export function display(value: unknown, options: { readonly id?: string } = {}): Promise<void> {
  return send("display_data", value, options.id);
}

/**
 * Replace what `display(value, {id})` has shown, wherever it is.
 *
 * @param id    the name given to `display`
 * @param value what to show instead
 */
export function update(id: string, value: unknown): Promise<void> {
  return send("update_display_data", value, id);
}

/**
 * Clear the output of the cell.
 *
 * @param options `wait`: not before the next output, which avoids flicker
 */
export function clear(options: { readonly wait?: boolean } = {}): void {
  publish("clear_output", { wait: options.wait ?? false });
}

/**
 * Make a value of several formats, of which the notebook shows the richest it can.
 *
 * @param data     by MIME type, as `{"text/html": "<b>3</b>", "text/plain": "3"}`; binary as base64
 * @param metadata by MIME type, as `{"image/png": {width: 400}}`
 */
export function mime(data: Fields, metadata: Fields = {}): Displayable {
  return { toMimeBundle: () => ({ data, metadata }) };
}

/**
 * Show a text in the frontend's pager, where it has one.
 */
export function page(text: string): void {
  cellOf()?.payload.push({ source: "page", data: { "text/plain": text }, start: 0 });
}

/**
 * Ask the reader for a line of text.
 *
 * @param prompt  the question
 * @param options `password`: do not show what is typed
 * @throws {EnvironmentError} where nobody can answer, as in a headless run
 */
export async function input(
  prompt = "",
  options: { readonly password?: boolean } = {},
): Promise<string> {
  const cell = cellOf();
  if (live === undefined || cell?.request.content.allow_stdin !== true) {
    throw new EnvironmentError({
      what: "input",
      wanted: "a frontend that can ask",
      got: "a run that nobody attends",
      remedy: "put the value into the parameters cell",
    });
  }
  const answered = new Promise<Message>((resolve) => questions.push(resolve));
  const content = { prompt, password: options.password ?? false };
  live.answer("stdin", cell.request, "input_request", content);
  const answer = (await wait(answered)) as Message;
  return String(answer.content.value ?? "");
}

/** Broadcast a message of the calling cell; nothing happens outside of a kernel. */
export function publish(type: string, content: object, extra?: Extra): void {
  const cell = cellOf();
  if (cell) live?.publish(cell.request, type, content, extra);
}

/** Whether a reader looks on: not in a headless run, and not outside of a kernel. */
export function isAttended(): boolean {
  return live !== undefined && cellOf()?.request.content.allow_stdin === true;
}

/** A signal that aborts when the calling cell is interrupted; give it to long functions. */
export function cellSignal(): AbortSignal {
  return cellOf()?.controller.signal ?? new AbortController().signal;
}

function send(type: string, value: unknown, id: string | undefined): Promise<void> {
  const cell = cellOf();
  const publish = (bundle: Bundle) => {
    if (cell && live) live.publish(cell.request, type, displayContent(bundle, id));
    else process.stdout.write(`${textOf(value)}\n`);
  };
  const bundle = bundleOf(value);
  if (!(bundle instanceof Promise)) {
    publish(bundle);
    return Promise.resolve();
  }
  const sent = bundle.then(publish);
  if (cell) awaitAtEnd(cell, sent);
  return sent;
}

function awaitAtEnd(cell: Cell, work: Promise<void>): void {
  cell.unfinished.add(work);
  const forget = () => cell.unfinished.delete(work);
  work.then(forget, forget);
}
