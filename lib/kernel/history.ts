/** What was run in this session, for `history_request`. */

/** One cell that was run. */
export interface Entry {
  readonly count: number;
  readonly code: string;
  /** its result as text; null where it had none */
  readonly output: string | null;
}

/** `[session, count, code]`, or with output `[session, count, [code, output]]`. */
export type HistoryTuple = readonly [number, number, string | readonly [string, string | null]];

/** The request, under the protocol's names. */
export interface HistoryRequest {
  readonly hist_access_type?: "tail" | "range" | "search";
  readonly output?: boolean;
  readonly n?: number | null;
  readonly session?: number;
  readonly start?: number;
  readonly stop?: number | null;
  readonly pattern?: string;
  readonly unique?: boolean;
}

/** This session's number; earlier sessions are not kept. */
const SESSION = 1;

/** Choose entries as a `history_request` asks: the last n, a range, or those that match. */
export function findHistory(
  entries: readonly Entry[],
  request: HistoryRequest,
): readonly HistoryTuple[] {
  const chosen = choose(entries, request);
  return chosen.map(({ count, code, output }) => [
    SESSION,
    count,
    request.output === true ? [code, output] : code,
  ]);
}

function choose(entries: readonly Entry[], request: HistoryRequest): readonly Entry[] {
  const { n, start = 0, stop, pattern = "*", unique = false } = request;
  const last = (found: readonly Entry[]) => (n == null ? found : n > 0 ? found.slice(-n) : []);
  if (request.hist_access_type === "range") {
    const { session = 0 } = request;
    if (session !== 0 && session !== SESSION) return [];
    return entries.filter(({ count }) => count >= start && (stop == null || count < stop));
  }
  if (request.hist_access_type === "search") {
    const matches = glob(pattern);
    const found = entries.filter(({ code }) => matches.test(code));
    return last(unique ? lastOfEach(found) : found);
  }
  return last(entries);
}

function lastOfEach(entries: readonly Entry[]): Entry[] {
  const byCode = new Map<string, Entry>();
  for (const entry of entries) {
    byCode.delete(entry.code);
    byCode.set(entry.code, entry);
  }
  return [...byCode.values()];
}

/** `*` stands for any text and `?` for any sign, as in SQLite's GLOB, which IPython uses. */
function glob(pattern: string): RegExp {
  const parts = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^]*");
  return new RegExp(`^${parts.replace(/\?/g, "[^]")}$`);
}
