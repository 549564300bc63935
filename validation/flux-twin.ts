/**
 * The rules of docs/twins/fluxes.md on three seeds that were not used while building, from the
 * catchments of a run of notebook 03:
 *
 *   RUN=runs/quick npx tsx validation/flux-twin.ts   (or bundled by esbuild, as the benchmarks are)
 */

import { boxPdf } from "../lib/catchment/index.js";
import { secondsOf } from "../lib/core/index.js";
import {
  describeKnowledge,
  judgeRules,
  judgeTwin,
  meanCatchment,
  pickWeighed,
  readCatchmentSpeeds,
  TWIN_CURVES,
  twinChlorophyll,
  twinIntervals,
  twinSignal,
  weighChlorophyll,
  withoutLost,
} from "../lib/flux/index.js";

const run = process.env.RUN ?? "runs/quick";
const seeds = (process.env.SEEDS ?? "101,102,103").split(",").map(Number);
const predicted = await readCatchmentSpeeds(`${run}/artifacts/03-catchments-w{speed}.nc`);
const found = await readCatchmentSpeeds(`${run}/artifacts/03-truth-w{speed}.nc`);
const truth = found.map((record) => withoutLost(record).record);
const { bins, dx } = truth[0]!;
const n = Math.round(Math.sqrt(bins));
const span = {
  from: secondsOf({ year: 2008, month: 11 }),
  to: secondsOf({ year: 2019, month: 6 }),
};
const cups = twinIntervals(2009, 2019);

for (const seed of seeds) {
  const chlorophyll = twinChlorophyll({ n, dx, ...span, seed });
  const twin = twinSignal(cups, chlorophyll, truth, { seed });
  const weighers = [
    { name: TWIN_CURVES.predicted, kind: "catchments", records: predicted },
    { name: TWIN_CURVES.truth, kind: "catchments", records: truth },
    { name: TWIN_CURVES.box, kind: "map", map: boxPdf(96e3, { n, dx }) },
    { name: TWIN_CURVES.mean, kind: "map", map: meanCatchment(predicted[1]!) },
  ] as const;
  const weighed = pickWeighed(weighChlorophyll(cups, chlorophyll, weighers), twin.regular);
  const pick = (values: Float64Array) => Float64Array.from(twin.regular, (s) => values[s]!);
  const regular = twin.regular.map((_, s) => s);
  const times = pick(cups.mid);
  for (const season of ["kept", "removed"] as const) {
    const options = { draws: 50, seed, season, times };
    const judge = (signals: readonly Float64Array[]) =>
      judgeTwin(weighed, { signals, regular, lag: twin.lag }, options);
    const verdict = judge([pick(twin.signal)]);
    const empty = judge(twin.random.map(pick));
    console.log(`seed ${seed}, season ${season}, ${describeKnowledge(verdict, empty)}`);
    for (const { id, holds, ours } of judgeRules(verdict, empty)) {
      console.log(
        `seed ${seed}, season ${season}, ${id}: ${holds ? "holds" : "differs"} (${ours})`,
      );
    }
  }
}
