/**
 * What a kernel broadcasts, turned into the outputs of cells as nbclient does: text of one stream
 * is joined, displays are updated in place wherever they stand, clear_output may wait.
 */

import type { Message } from "../jupyter/index.js";
import type { ErrorOutput, Metadata, MimeBundle, Output } from "./nbformat.js";

/** What outputs are put into: a cell, or an Output widget. */
export interface OutputHolder {
  outputs: Output[];
}

/** All outputs of one run. */
export interface OutputBook {
  /** Take a message whose output belongs to a holder; messages without one are passed over. */
  take(holder: OutputHolder, message: Message): void;
}

/** Make the book of a run, empty. */
export function makeOutputBook(onStream?: (name: string, text: string) => void): OutputBook {
  const displays = new Map<string, { data: MimeBundle; metadata: Metadata }[]>();
  const clearing = new WeakSet<OutputHolder>();

  function add(holder: OutputHolder, output: Output): void {
    if (clearing.delete(holder)) holder.outputs = [];
    const last = holder.outputs.at(-1);
    if (
      output.output_type === "stream" &&
      last?.output_type === "stream" &&
      last.name === output.name
    ) {
      last.text += output.text;
    } else holder.outputs.push(output);
  }

  function display(
    content: Message["content"],
    output: { data: MimeBundle; metadata: Metadata },
  ): void {
    const id = (content.transient as Metadata | undefined)?.display_id;
    if (typeof id !== "string") return;
    update(displays.get(id) ?? [], output);
    displays.set(id, [...(displays.get(id) ?? []), output]);
  }

  return {
    take(holder, { header, content }) {
      const data = content.data as MimeBundle;
      const metadata = (content.metadata ?? {}) as Metadata;
      switch (header.msg_type) {
        case "stream":
          onStream?.(String(content.name), String(content.text));
          return add(holder, {
            output_type: "stream",
            name: String(content.name),
            text: String(content.text),
          });
        case "display_data": {
          const output = { output_type: "display_data", data, metadata } as const;
          display(content, output);
          return add(holder, output);
        }
        case "execute_result": {
          const execution_count = content.execution_count as number;
          const output = {
            output_type: "execute_result",
            data,
            metadata,
            execution_count,
          } as const;
          display(content, output);
          return add(holder, output);
        }
        case "update_display_data": {
          const id = (content.transient as Metadata | undefined)?.display_id;
          return update(displays.get(String(id)) ?? [], { data, metadata });
        }
        case "error":
          return add(holder, errorOutput(content));
        case "clear_output":
          if (content.wait === true) clearing.add(holder);
          else holder.outputs = [];
          return;
      }
    },
  };
}

/** The error output of an `error` message or of a reply that says error. */
export function errorOutput(content: Message["content"]): ErrorOutput {
  const traceback = content.traceback;
  return {
    output_type: "error",
    ename: String(content.ename ?? "Error"),
    evalue: String(content.evalue ?? ""),
    traceback: Array.isArray(traceback) ? traceback.map(String) : [],
  };
}

function update(
  shown: readonly { data: MimeBundle; metadata: Metadata }[],
  latest: { data: MimeBundle; metadata: Metadata },
): void {
  for (const output of shown) {
    output.data = latest.data;
    output.metadata = latest.metadata;
  }
}
