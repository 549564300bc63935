/** A failed run told on a terminal. */

import type { Failure } from "../notebook/index.js";

/** Say which notebook and cell failed, how, and where to look. */
export function describeFailure(input: string, failure: Failure, output?: string): string {
  const traceback =
    failure.traceback.length === 0 ? "" : `\n${plainText(failure.traceback.join("\n"))}`;
  const kept =
    output === undefined || output === "-"
      ? ""
      : `\nthe notebook with its outputs up to there: ${output}`;
  return `${input}, cell ${failure.cell + 1}: ${failure.ename}: ${plainText(failure.evalue)}${traceback}${kept}`;
}

/** A text without colours and other terminal controls. */
function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal controls are what is removed
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replace(/[\u0000-\u0008\u000b-\u001f]/g, "");
}
