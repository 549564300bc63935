/**
 * What cells leave behind: values that nothing refers to any more. V8 lets ten copies of a large
 * array pile up before it looks; between two cells there is time to look earlier.
 */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The heap, typed arrays included, may grow by this much between two cleanings [bytes]. */
const GROWTH = 100e6;

/** Make the function to call after each cell: it cleans where the heap has grown by much. */
export function makeCleaner(): () => void {
  let clean: (() => void) | undefined;
  let kept = Number.POSITIVE_INFINITY;
  return () => {
    const used = heapSize();
    kept = Math.min(kept, used);
    if (used - kept < GROWTH) return;
    clean ??= collector();
    clean();
    kept = heapSize();
  };
}

function heapSize(): number {
  const { used_heap_size: objects, external_memory: arrays } = getHeapStatistics();
  return objects + arrays;
}

/** V8's own collector, which it shows to contexts that are made once the flag is set. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
