/**
 * Cells that passed the type checker, for when they are run again as they were: to check one takes
 * several milliseconds, most of the time of a short cell.
 */
import type { CheckedCell } from "./compiler.js";

/** What a cell was checked against, and how. */
export interface Circumstances {
  /** what the cells before it declare */
  readonly declarations: string;
  readonly strict: boolean;
}

/** The cells checked last. */
export interface Repeats {
  /** The same code, checked under the same circumstances. */
  find(code: string, now: Circumstances): CheckedCell | undefined;
  keep(code: string, then: Circumstances, checked: CheckedCell): void;
  /** Files have changed: nothing that was checked stands. */
  forget(): void;
}

/** So many cells are kept; a notebook has fewer. */
const MOST = 200;

/** Make the memory of one compiler. */
export function makeRepeats(): Repeats {
  const kept = new Map<string, { then: Circumstances; checked: CheckedCell }>();
  return {
    find(code, now) {
      const found = kept.get(code);
      const { declarations, strict } = found?.then ?? {};
      return declarations === now.declarations && strict === now.strict
        ? found?.checked
        : undefined;
    },
    keep(code, then, checked) {
      if (checked.modules.length > 0) return; // local files are loaded again as the compiler says
      kept.delete(code);
      kept.set(code, { then, checked });
      if (kept.size > MOST) kept.delete(kept.keys().next().value!);
    },
    forget: () => kept.clear(),
  };
}
