/** Run the nodes of a graph, some at once, each after those it needs. */

/** A node to run; those it needs are named apart. */
interface Named {
  readonly name: string;
}

/**
 * Run every node once, at most `jobs` at a time, in their order as far as their needs allow. A
 * node that rejects lets those that run end, starts no more, and rejects the whole.
 */
export async function schedule<N extends Named>(
  nodes: readonly N[],
  needs: ReadonlyMap<string, readonly string[]>,
  how: { readonly jobs: number; readonly run: (node: N) => Promise<void> },
): Promise<void> {
  const known = new Set(nodes.map((node) => node.name));
  const waiting = [...nodes];
  const ended = new Set<string>();
  const running = new Set<Promise<void>>();
  const faults: unknown[] = [];
  const isReady = (node: N) =>
    (needs.get(node.name) ?? []).every((need) => ended.has(need) || !known.has(need));
  while (waiting.length > 0 || running.size > 0) {
    const next = faults.length > 0 ? -1 : waiting.findIndex(isReady);
    if (next >= 0 && running.size < how.jobs) {
      const [node] = waiting.splice(next, 1) as [N];
      const job: Promise<void> = how
        .run(node)
        .then(() => void ended.add(node.name))
        .catch((error: unknown) => void faults.push(error))
        .finally(() => void running.delete(job));
      running.add(job);
    } else if (running.size > 0) await Promise.race(running);
    else break;
  }
  if (faults.length > 0) throw faults[0];
}
