/** What the notebook shows of the model and its fits: panels with the model run inside. */

import { bar, type DiagramParts, histogram, line, type Panel, rule } from "../figures/index.js";
import { makeColumn2020, values2020 } from "./column.js";
import { type CheckedCores, type Core, coreStock } from "./cores.js";
import type { ForcedProfile } from "./observation.js";
import { PARAMETER_TITLES } from "./parameters.js";
import { profilePanel } from "./picture.js";
import { modelProfile } from "./profile.js";
import { POOLS } from "./rates.js";
import { CONSTRAINED, type Recovery } from "./recovery.js";
import type { Posterior } from "./sampling.js";
import { makeSteadyState } from "./steady.js";
import { runTransient } from "./transient.js";

/** A place with its forcing and parameters. */
interface Example {
  readonly forcing: ForcedProfile["forcing"];
  readonly truth: Float64Array;
}

const SOIL = ["S1 fast", "S2 slow", "S3 passive"] as const;

/** The scheme of the method as boxes and arrows. */
export function schemeParts(): DiagramParts {
  const step = { width: 190, height: 74, kind: "step" } as const;
  const data = { width: 190, height: 74, kind: "data" } as const;
  const result = { width: 190, height: 74, kind: "result" } as const;
  return {
    boxes: [
      { id: "profiles", text: "Soil profiles<br>carbon with depth", x: 0, y: 0, ...data },
      { id: "forcing", text: "NPP, temperature,<br>water potential", x: 0, y: 130, ...data },
      { id: "covariates", text: "60 covariates<br>of every place", x: 540, y: 260, ...data },
      { id: "chains", text: "Markov chains<br>site by site", x: 270, y: 0, ...step },
      { id: "model", text: "Matrix model<br>70 pools, 25 parameters", x: 270, y: 130, ...step },
      { id: "network", text: "Network<br>256-512-512-256", x: 540, y: 130, ...step },
      { id: "targets", text: "25 posterior means<br>at each profile", x: 540, y: 0, ...data },
      { id: "field", text: "Parameters of<br>every cell", x: 810, y: 130, ...data },
      { id: "map", text: "Carbon of<br>the country", x: 810, y: 260, ...result },
    ],
    arrows: [
      { from: "profiles", to: "chains" },
      { from: "forcing", to: "model" },
      { from: "model", to: "chains", sides: ["top", "bottom"] },
      { from: "chains", to: "targets" },
      { from: "targets", to: "network", sides: ["bottom", "top"] },
      { from: "covariates", to: "network", sides: ["top", "bottom"] },
      { from: "network", to: "field" },
      { from: "field", to: "map", sides: ["bottom", "top"] },
    ],
  };
}

/** The three soil pools of a place with depth, at steady state. */
export function poolPanel({ forcing, truth }: Example): Panel {
  const column = makeColumn2020(forcing);
  const { nodes } = column.layers;
  const n = nodes.length;
  const pools = new Float64Array(POOLS * n);
  makeSteadyState(n).solve(column.rates(values2020(truth, forcing.npp)), pools);
  return {
    title: "Steady state",
    x: { label: "Carbon", units: "kgC m⁻³" },
    y: { label: "Depth", units: "m", direction: "down", range: [0, 3] },
    layers: SOIL.map((name, s) =>
      line({ x: pools.subarray((4 + s) * n, (5 + s) * n).map((c) => c / 1000), y: nodes, name }),
    ),
  };
}

/** How the soil pools of a place fill from nothing, as shares of their steady state. */
export function spinUpPanel({ forcing, truth }: Example, years: number): Panel {
  const column = makeColumn2020(forcing);
  const { thickness } = column.layers;
  const n = thickness.length;
  const rates = column.rates(values2020(truth, forcing.npp));
  const full = new Float64Array(POOLS * n);
  makeSteadyState(n).solve(rates, full);
  const { years: x, pools } = runTransient(() => rates, { years, every: 10 });
  const stock = (all: Float64Array, pool: number) =>
    thickness.reduce((sum, dz, i) => sum + dz * all[pool * n + i]!, 0);
  return {
    title: "Filling from nothing",
    x: { label: "Time", units: "yr", kind: "log" },
    y: { label: "Share of the steady state", units: "1", range: [0, 1.02] },
    layers: SOIL.map((name, s) =>
      line({ x, y: pools.map((all) => stock(all, 4 + s) / stock(full, 4 + s)), name }),
    ),
  };
}

/** A profile with its fit. */
export interface FittedProfile extends ForcedProfile {
  readonly estimate: Posterior;
  readonly truth?: Float64Array;
}

/** Profiles with the model at the posterior mean, at the draws' outer tenths, and the truth. */
export function fitPanels(profiles: readonly FittedProfile[]): Panel[] {
  return profiles.map((profile) => {
    const { estimate, forcing, truth, id } = profile;
    const d = estimate.mean.length;
    const runs = Array.from({ length: estimate.draws.length / d }, (_, i) =>
      modelProfile(forcing, estimate.draws.subarray(i * d, (i + 1) * d)),
    );
    const at = (share: number) =>
      Float64Array.from({ length: runs[0]!.length }, (_, layer) => {
        const sorted = Float64Array.from(runs, (run) => run[layer]!).sort();
        return sorted[Math.floor(share * (sorted.length - 1))]!;
      });
    return profilePanel(id, profile, {
      "posterior median": at(0.5),
      "lowest tenth of draws": at(0.1),
      "highest tenth of draws": at(0.9),
      ...(truth === undefined ? {} : { truth: modelProfile(forcing, truth) }),
    });
  });
}

/**
 * How narrow the posterior of each parameter is, and how well its predicted map follows the true one;
 * the best constrained parameter on top.
 */
export function recoveryPanels(recovery: readonly Recovery[]): Panel[] {
  const sorted = [...recovery].sort((a, b) => b.width - a.width);
  const names = sorted.map(({ name }) => PARAMETER_TITLES[name]);
  const ticks = { values: [...names.keys()], labels: names };
  const across = (
    title: string,
    of: (one: Recovery) => number,
    axis: { readonly label: string; readonly range: readonly [number, number] },
  ): Panel => ({
    title,
    x: { ...axis, units: "1" },
    y: { label: "", units: "", kind: "category", ticks },
    layers: [bar({ x: names, y: sorted.map((one) => of(one) || 0), direction: "across" })],
  });
  const width = across("What profiles constrain", (one) => one.width, {
    label: "Posterior width over prior width",
    range: [0, 1],
  });
  const correlation = across("What the network finds", (one) => one.correlation, {
    label: "Correlation of the maps",
    range: [-1, 1],
  });
  const limit = rule({ at: CONSTRAINED, along: "y", label: `${CONSTRAINED}` });
  return [{ ...width, layers: [...width.layers, limit] }, correlation];
}

/** Cores of one source after their check. */
export interface CheckedSource extends CheckedCores {
  readonly name: string;
}

/** How many cores were kept and why others were masked, by source. */
export function faultPanel(sources: readonly CheckedSource[]): Panel {
  const faults = [...new Set(sources.flatMap(({ masked }) => [...masked.keys()]))];
  const groups = ["kept", ...faults];
  return {
    title: "Cores by what became of them",
    x: { label: "Cores", units: "1" },
    y: { label: "", units: "", kind: "category" },
    layers: sources.map(({ name, kept, masked }) =>
      bar({
        x: groups,
        y: [kept.length, ...faults.map((fault) => masked.get(fault)?.length ?? 0)],
        name: name.replaceAll("_", " "),
        direction: "across",
      }),
    ),
  };
}

/** Stocks of the kept cores to 30 cm and to 1 m. */
export function coreStockPanel(sources: readonly CheckedSource[]): Panel {
  const cores = sources.flatMap(({ kept }): readonly Core[] => kept);
  const stocks = (depth: number) => cores.map((core) => coreStock(core, depth));
  const range = [0, 100] as const;
  return {
    title: "Integrated stocks",
    x: { label: "Carbon", units: "kgC m⁻²", range },
    y: { label: "Cores", units: "1" },
    layers: [
      histogram({ values: stocks(0.3), range, bins: 40, name: "0–30 cm" }),
      histogram({ values: stocks(1), range, bins: 40, name: "0–100 cm" }),
    ],
  };
}
