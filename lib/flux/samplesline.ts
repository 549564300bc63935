/** A trap's samples as figures draw them. */

import { formatTime } from "../core/index.js";
import type { FluxName, TrapRecord } from "./record.js";

/** A flux as a line that is as long as each cup was open, broken where none was. */
export function samplesLine({ open, close, fluxes }: TrapRecord, name: FluxName) {
  const values = fluxes[name]!;
  const x: string[] = [];
  const y: number[] = [];
  for (let s = 0; s < values.length; s++) {
    if (s > 0 && open[s]! > close[s - 1]! + 86400) {
      x.push(dayOf(close[s - 1]!));
      y.push(Number.NaN);
    }
    x.push(dayOf(open[s]!), dayOf(close[s]!));
    y.push(values[s]!, values[s]!);
  }
  return { x, y };
}

/** A date as figures take it. */
export function dayOf(time: number): string {
  return formatTime(time).slice(0, 10);
}
