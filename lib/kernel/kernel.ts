/**
 * The computing thread of a kernel: one request at a time from the wire's thread, answered by the
 * compiler, the executor or the history.
 */
import { setImmediate, setTimeout } from "node:timers"; // cells replace the global ones
import type { Message } from "../jupyter/index.js";
import {
  type Cell,
  checkStopped,
  interruption,
  KeyboardInterrupt,
  makeCell,
  runningCell,
  setRunning,
  stopCell,
  wait,
  within,
} from "./cell.js";
import { listComms, takeComm } from "./comm.js";
import type { Compiler } from "./compiler.js";
import { completeAt, inspectAt, isComplete } from "./completion.js";
import { type Executor, fileNameOf } from "./executor.js";
import { type Entry, findHistory } from "./history.js";
import { mendIntrinsics } from "./intrinsics.js";
import { type Bundle, bundleOf } from "./mime.js";
import type { Output } from "./output.js";
import { NOBODY } from "./port.js";
import {
  describeDiagnostics,
  describeError,
  type ErrorContent,
  type Sources,
} from "./traceback.js";
import { greetOldPages } from "./widget-models.js";

/** What a kernel is made of. */
export interface Parts {
  readonly compiler: Compiler;
  readonly executor: Executor;
  readonly output: Output;
  /** whether cells are checked strictly without being asked */
  readonly strict: boolean;
}

/** The computing side of a kernel. */
export interface Kernel {
  /** Answer one request; whether the requests in line are to be aborted. */
  answer(request: Message): Promise<boolean>;
  /** Tell the notebook of an error that code of `cell` raised where nobody catches it. */
  reportUncaught(error: unknown, cell: Cell | undefined): void;
  /** Stop the running cell if it has this id. */
  interrupt(id: number): void;
}

/** How a cell ended. */
type Outcome =
  | { readonly status: "ok"; readonly result: Bundle | undefined }
  | { readonly status: "error"; readonly error: ErrorContent };

/** Checked or refused code, before it runs. */
class Refused {
  constructor(readonly error: ErrorContent) {}
}

/** Put the parts of a kernel together. */
export function makeKernel({ compiler, executor, output, strict }: Parts): Kernel {
  const entries: Entry[] = [];
  const codes = new Map<string, { count: number; code: string }>();
  const sources: Sources = {
    cellOf: (filename) => codes.get(filename),
    lineMapOf: (filename) => executor.lineMapOf(filename),
  };
  let ids = 0;
  let count = 0;
  greetOldPages();

  /** Put back what code of cells has taken away from the kernel, and tell the reader. */
  function mend(): void {
    for (const name of mendIntrinsics()) {
      output.write("stderr", `${name} was put back: the kernel works with it, too\n`);
    }
  }

  async function compute(cell: Cell, code: string): Promise<Bundle | undefined> {
    const asked = /^\s*\/\/\s*@strict\b/.test(code);
    const checked = compiler.check(code, { strict: strict || asked });
    if (!("js" in checked))
      throw new Refused(describeDiagnostics(checked, { count: cell.count, code }));
    checkStopped();
    cell.runs = true;
    const value = await executor.run(cell, checked);
    mend();
    const bundle = value === undefined ? undefined : await bundleOf(value);
    await wait(Promise.all(cell.unfinished));
    return bundle;
  }

  /** Run a cell's code to its end, or to the moment something else ends it. */
  function run(cell: Cell, code: string): Promise<Outcome> {
    codes.set(fileNameOf(cell), { count: cell.count, code });
    return settle(cell, () => compute(cell, code));
  }

  function settle(cell: Cell, work: () => Promise<Bundle | undefined>): Promise<Outcome> {
    return new Promise((done) => {
      const resolve = (outcome: Outcome) => {
        if (runningCell() === cell) setRunning(undefined);
        cell.keep = () => undefined; // lets go of what its names were before
        done(outcome);
      };
      const fail = (error: unknown) => {
        mend();
        if (runningCell() !== cell) return;
        cell.keep();
        const content = error instanceof Refused ? error.error : describeError(error, sources);
        resolve({ status: "error", error: content });
      };
      cell.fail = fail;
      setRunning(cell);
      // in a turn of its own: code that is stopped by force takes its callers with it
      setImmediate(() => {
        const ended = within(cell, work);
        // and one turn more, in which rejections that nobody handles come to light
        ended.then((result) => setImmediate(resolve, { status: "ok", result }), fail);
      });
    });
  }

  async function evaluate(expressions: object, request: Message): Promise<object> {
    const results: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(expressions)) {
      const cell = makeCell(++ids, count, { ...request, content: { silent: true } });
      const outcome = await run(cell, String(code));
      results[name] =
        outcome.status === "ok"
          ? { status: "ok", data: {}, metadata: {}, ...outcome.result }
          : { status: "error", ...outcome.error };
    }
    return results;
  }

  async function execute(request: Message): Promise<boolean> {
    const { code = "", silent = false, stop_on_error: stops = true } = request.content;
    const { store_history: stores = true, user_expressions: asked } = request.content;
    const isKept = stores === true && silent === false;
    if (isKept || count === 0) count += 1;
    const cell = makeCell(++ids, count, request);
    output.publish(request, "execute_input", { code, execution_count: count });
    const outcome = await run(cell, String(code));
    output.endText(cell);
    if (isKept) entries.push({ count, code: String(code), output: textOf(outcome) });
    if (outcome.status === "error") {
      if (silent === false) output.publish(request, "error", outcome.error);
      const reply = { status: "error", execution_count: count, ...outcome.error };
      output.answer("shell", request, "execute_reply", reply);
      return stops === true && silent === false;
    }
    if (outcome.result !== undefined) {
      output.publish(request, "execute_result", { execution_count: count, ...outcome.result });
    }
    const expressions = await evaluate((asked as object | undefined) ?? {}, request);
    const reply = {
      status: "ok",
      execution_count: count,
      user_expressions: expressions,
      payload: cell.payload,
    };
    output.answer("shell", request, "execute_reply", reply);
    return false;
  }

  /** Let what the page sends over a comm work as a cell of its own would, without a number. */
  async function react(request: Message): Promise<void> {
    const cell = makeCell(++ids, count, request);
    const outcome = await settle(cell, async () => {
      cell.runs = true;
      const isKnown = await takeComm(request);
      const { comm_id } = request.content;
      if (!isKnown) output.publish(request, "comm_close", { comm_id, data: {} });
      await wait(Promise.all(cell.unfinished));
      return undefined;
    });
    output.endText(cell);
    if (outcome.status === "error") output.publish(request, "error", outcome.error);
  }

  function respond(type: string, content: Message["content"]): object {
    const code = String(content.code ?? "");
    const cursor = Number(content.cursor_pos ?? code.length);
    switch (type) {
      case "complete_request":
        return completeAt(compiler, code, cursor);
      case "inspect_request":
        return inspectAt(compiler, code, cursor);
      case "is_complete_request":
        return isComplete(code);
      case "history_request":
        return { status: "ok", history: findHistory(entries, content) };
      case "comm_info_request":
        return { status: "ok", comms: listComms(content.target_name) };
      default:
        throw new Error(`${type} is not understood`);
    }
  }

  return {
    async answer(request) {
      mend();
      const { msg_type: type } = request.header;
      if (type === "execute_request") return execute(request);
      if (type.startsWith("comm_") && type !== "comm_info_request") {
        await react(request);
        return false;
      }
      let content: object;
      try {
        content = respond(type, request.content);
      } catch (error) {
        content = { status: "error", ...describeError(error, sources) };
      }
      output.answer("shell", request, type.replace(/_request$/, "_reply"), content);
      return false;
    },
    reportUncaught(error, cell) {
      mend();
      if (error instanceof KeyboardInterrupt) return; // code of a cell that was stopped
      if (cell !== undefined && cell === runningCell()) {
        cell.fail(error);
        stopCell(cell, interruption());
      } else {
        output.publish(cell?.request ?? NOBODY, "error", describeError(error, sources));
      }
    },
    interrupt(id) {
      const cell = runningCell();
      if (cell?.id !== id) return;
      const error = cell.killed ?? interruption();
      stopCell(cell, error);
      if (cell.killed !== undefined) cell.fail(error);
      else setTimeout(() => cell.fail(new KeyboardInterrupt(GOES_ON)), GRACE);
    },
  };
}

/** How long an interrupted cell may take to tidy up [ms]. */
const GRACE = 400;
const GOES_ON = "interrupted; code that this cell has called did not stop and may go on";

function textOf(outcome: Outcome): string | null {
  if (outcome.status === "error") return null;
  const text = outcome.result?.data["text/plain"];
  return text === undefined ? null : String(text);
}
