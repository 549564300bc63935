/** The frames of an ocean in the order in which a run needs them, one of them read ahead. */

import type { Frame, Ocean } from "../ocean/index.js";

/** Reads frames, at most one before it is asked for. */
export interface Frames {
  /** Instants around a span of time, for slots 0 and 1: consecutive spans share one in its slot. */
  around(span: readonly [from: number, to: number]): readonly [number, number];
  /** Begin to read what the next span will need, while others work. */
  expect(span: readonly [from: number, to: number]): void;
  /** The frame of an instant. */
  take(index: number): Promise<Frame>;
}

/** Make the reader of a run. */
export function makeFrames(ocean: Ocean): Frames {
  const { times } = ocean;
  let taken: number[] = [];
  let ahead: { index: number; frame: Promise<Frame> } | undefined;

  function around([from, to]: readonly [number, number]): readonly [number, number] {
    const early = Math.min(from, to);
    let n = 0;
    while (n + 2 < times.length && times[n + 1]! <= early) n++;
    if (times.length === 1) return [0, 0];
    return n % 2 === 0 ? [n, n + 1] : [n + 1, n];
  }
  return {
    around,
    expect(span) {
      const index = around(span).find((n) => !taken.includes(n));
      if (index === undefined || ahead?.index === index) return;
      const frame = ocean.frame(index);
      frame.catch(() => undefined); // whoever takes it hears of the error
      ahead = { index, frame };
    },
    take(index) {
      const frame = ahead?.index === index ? ahead.frame : ocean.frame(index);
      if (ahead?.index === index) ahead = undefined;
      taken = [...taken.slice(-1), index];
      return frame;
    },
  };
}
