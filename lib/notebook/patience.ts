/** Waiting, but not for ever. */

/** The longest time that a timer can wait [ms]: 25 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * When something is to be stopped: after a time, or when a signal aborts.
 *
 * @param limit `timeout` in seconds; without either it is never reached
 * @returns `cancel` forgets the limit
 */
export function limitOf(limit: { readonly timeout?: number; readonly signal?: AbortSignal }) {
  const { timeout, signal } = limit;
  let cancel: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    const stop = () => resolve();
    const timer =
      timeout === undefined ? undefined : setTimeout(stop, Math.min(timeout * 1000, LONGEST));
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    cancel = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
  });
  return { reached, cancel };
}

/** What `promise` gives, or undefined once `ms` have gone by; no timer is left behind. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
