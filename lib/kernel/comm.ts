/**
 * Comms: the lasting channels between objects of the notebook's page and objects here, which
 * widgets speak through (messaging 5.4, "Custom Messages"). Either side opens, sends and closes.
 */
import type { Fields, Message } from "../jupyter/index.js";
import { publish } from "./display.js";

/** What a comm does with what the page sends. */
export type CommReceiver = (data: Fields) => void | Promise<void>;

/** One channel to the page. */
export interface Comm {
  readonly id: string;
  /** Send data to the page. */
  send(data: Fields): void;
}

const open = new Map<string, { readonly target: string; readonly receive: CommReceiver }>();
const targets = new Map<string, (comm: Comm) => CommReceiver>();

/**
 * Open a comm towards the page.
 *
 * @param target what of the page is meant, as `jupyter.widget`
 * @param opening its first data, and metadata of that message
 */
export function openComm(
  target: string,
  opening: { readonly data: Fields; readonly metadata?: Fields },
  receive: CommReceiver,
): Comm {
  const id = crypto.randomUUID();
  open.set(id, { target, receive });
  const { data, metadata = {} } = opening;
  publish("comm_open", { comm_id: id, target_name: target, data }, { metadata });
  return makeComm(id);
}

/** Answer comms that the page opens on a target. */
export function registerTarget(target: string, answer: (comm: Comm) => CommReceiver): void {
  targets.set(target, answer);
}

/**
 * Deal with a `comm_open`, `comm_msg` or `comm_close` of the page.
 *
 * @returns false where nobody here knows the target that is to be opened
 */
export async function takeComm({ header, content }: Message): Promise<boolean> {
  const id = String(content.comm_id);
  if (header.msg_type === "comm_open") {
    const target = String(content.target_name);
    const answer = targets.get(target);
    if (answer !== undefined) open.set(id, { target, receive: answer(makeComm(id)) });
    return answer !== undefined;
  }
  if (header.msg_type === "comm_close") open.delete(id);
  else await open.get(id)?.receive((content.data ?? {}) as Fields);
  return true;
}

/** The open comms, as `comm_info_reply` lists them; of one target if it is named. */
export function listComms(target: unknown): Record<string, { target_name: string }> {
  const all = [...open].filter(([, comm]) => target === undefined || comm.target === target);
  return Object.fromEntries(all.map(([id, comm]) => [id, { target_name: comm.target }]));
}

function makeComm(id: string): Comm {
  return { id, send: (data) => publish("comm_msg", { comm_id: id, data }) };
}
