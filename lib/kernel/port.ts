/** What the two threads of a kernel tell each other: the wire's thread and the one that computes. */
import type { Header, Message } from "../jupyter/index.js";

/** What the wire's thread is started with. */
export interface WireData {
  readonly connectionFile: string;
  /** content of `kernel_info_reply` */
  readonly info: Readonly<Record<string, unknown>>;
  /** shared: [id of the running cell, id of the cell to stop] */
  readonly flags: Int32Array;
  /** the process that the kernel ends with: as its environment names it, and as it was seen */
  readonly parent: { readonly named: number; readonly seen: number } | undefined;
}

/** From the wire to the computing thread. */
export type ToKernel =
  | { readonly kind: "request"; readonly message: Message }
  | { readonly kind: "input"; readonly message: Message }
  | { readonly kind: "interrupt"; readonly id: number }
  | { readonly kind: "exit"; readonly code: number };

/** From the computing thread to the wire. */
export type ToWire =
  /** a message on iopub, or an answer on shell or stdin to the client that sent `parent` */
  | {
      readonly kind: "send";
      readonly channel: "iopub" | "shell" | "stdin";
      readonly type: string;
      readonly json: string;
      readonly parent: Message;
      readonly metadata?: Readonly<Record<string, unknown>>;
      readonly buffers?: readonly Uint8Array[];
    }
  /** where the texts that follow belong */
  | {
      readonly kind: "stream";
      readonly name: "stdout" | "stderr";
      readonly parent: Message;
    }
  /** text of stdout or stderr, joined with others before it is sent */
  | string
  /** the request is dealt with; `abort`: those that wait in line are not to run */
  | { readonly kind: "done"; readonly abort: boolean }
  /** the process is about to end: close the sockets, then set the flag RUNNING to -1 */
  | { readonly kind: "leave" };

/** Places in the flags. */
export const RUNNING = 0;
export const INTERRUPTED = 1;

/** The function of the computing thread that stops a cell; no cell can take its name away. */
export const STOP = "__carbonbook_stop";

/** Who a message is from, where nobody asked. */
export const NOBODY: Message = {
  header: {} as Header,
  parent_header: {},
  metadata: {},
  content: {},
  buffers: [],
  identities: [],
};
