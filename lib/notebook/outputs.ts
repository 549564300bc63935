/**
 * What a kernel broadcasts, turned into the outputs of cells as nbclient does: text of one stream
 * is joined, displays are updated in place wherever they stand, clear_output may wait.
 */

import type { Message } from "../jupyter/index.js";
import type { CodeCell, ErrorOutput, Metadata, MimeBundle, Output } from "./nbformat.js";

/** Outputs of all cells of one run. */
export interface OutputBook {
  /** Take a message that belongs to a cell. */
  take(cell: CodeCell, message: Message): void;
}

/** Make the book of a run, empty. */
export function makeOutputBook(onStream?: (name: string, text: string) => void): OutputBook {
  const displays = new Map<string, { data: MimeBundle; metadata: Metadata }[]>();
  const clearing = new WeakSet<CodeCell>();

  function add(cell: CodeCell, output: Output): void {
    if (clearing.delete(cell)) cell.outputs = [];
    const last = cell.outputs.at(-1);
    if (
      output.output_type === "stream" &&
      last?.output_type === "stream" &&
      last.name === output.name
    ) {
      last.text += output.text;
    } else cell.outputs.push(output);
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
    take(cell, { header, content }) {
      const data = content.data as MimeBundle;
      const metadata = (content.metadata ?? {}) as Metadata;
      switch (header.msg_type) {
        case "stream":
          onStream?.(String(content.name), String(content.text));
          return add(cell, {
            output_type: "stream",
            name: String(content.name),
            text: String(content.text),
          });
        case "display_data": {
          const output = { output_type: "display_data", data, metadata } as const;
          display(content, output);
          return add(cell, output);
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
          return add(cell, output);
        }
        case "update_display_data": {
          const id = (content.transient as Metadata | undefined)?.display_id;
          return update(displays.get(String(id)) ?? [], { data, metadata });
        }
        case "error":
          return add(cell, errorOutput(content));
        case "clear_output":
          if (content.wait === true) clearing.add(cell);
          else cell.outputs = [];
          return;
        case "execute_input":
          cell.execution_count = content.execution_count as number;
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
