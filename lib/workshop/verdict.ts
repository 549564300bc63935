/** What a check says: right, not yet, or not answered, with a hint that never holds the answer. */

/** MIME type under which a notebook keeps a verdict, so that `workshopStatus` can read it. */
export const CHECK_MIME = "application/vnd.carbonbook.check+json";

/** Whether an answer is right, wrong, or was not given. */
export type AnswerState = "right" | "wrong" | "open";

/** What a judge says of an answer. */
export interface Judgement {
  readonly state: AnswerState;
  /** what to think of next; empty where the answer is right */
  readonly hint: string;
}

/** A judgement that shows itself in a notebook. */
export interface Verdict extends Judgement {
  readonly exercise: string;
  readonly toMimeBundle: () => Readonly<Record<string, unknown>>;
}

/** The answer is right. */
export const RIGHT: Judgement = { state: "right", hint: "" };

/** The answer is wrong; the hint says where to look. */
export function wrong(hint: string): Judgement {
  return { state: "wrong", hint };
}

/** There is no answer yet; the hint says what is wanted. */
export function unanswered(hint: string): Judgement {
  return { state: "open", hint };
}

/** Give a judgement the name of its exercise and the way it is shown. */
export function makeVerdict(exercise: string, { state, hint }: Judgement): Verdict {
  const text = sentenceOf(exercise, state, hint);
  const toMimeBundle = () => ({
    "text/plain": text,
    "text/html": html(text, state),
    [CHECK_MIME]: { exercise, state, hint },
  });
  const verdict = { exercise, state, hint };
  Object.defineProperty(verdict, "toMimeBundle", { value: toMimeBundle, enumerable: false });
  return verdict as Verdict;
}

function sentenceOf(exercise: string, state: AnswerState, hint: string): string {
  if (state === "right") return `✓ ${exercise}: right.`;
  return `${state === "open" ? "○" : "✗"} ${exercise}: ${hint}`;
}

/** A box with an edge in the colour of the state; the sign says the same without colour. */
function html(text: string, state: AnswerState): string {
  const edge = { right: "#1b7f4d", wrong: "#b3541e", open: "#6b7280" }[state];
  const style = `border-left:4px solid ${edge};padding:0.4em 0.8em;margin:0.2em 0`;
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<div style="${style}">${escaped}</div>`;
}
