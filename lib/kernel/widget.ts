/**
 * Controls that redraw a figure in place, without Python: sliders and choices that the page of a
 * Jupyter with ipywidgets' front end shows, and that call back into the notebook's own code.
 */
import { ArgumentError } from "../core/index.js";
import type { Fields } from "../jupyter/index.js";
import { display, isAttended, mime, update } from "./display.js";
import { type Frame, framesBundle } from "./frames.js";
import { bundleOf } from "./mime.js";
import { isOldPage, openModel, type WidgetModel } from "./widget-models.js";

/** Something that the reader can set. */
export interface Control<T> {
  readonly label: string;
  /** what it is before the reader touches it */
  readonly value: T;
  /** the values that are drawn beforehand where no reader looks on */
  readonly frames: readonly T[];
  /** The value as a reader sees it, with its unit. */
  format(value: T): string;
  /** what the page shows */
  readonly model: WidgetModel;
  /** The value that the page's state says, if it says one. */
  read(changed: Fields): T | undefined;
}

/** A slider over numbers. */
export interface SliderOptions {
  readonly label: string;
  /** as `m/d`; none, or `1`, for pure numbers */
  readonly units?: string;
  readonly min: number;
  readonly max: number;
  /** distance of two values; a hundredth of the range by default */
  readonly step?: number;
  /** the first value; the least by default */
  readonly value?: number;
  /** the values drawn beforehand for pages without a kernel; only the first value by default */
  readonly frames?: readonly number[];
}

/**
 * Make a slider.
 *
 * @throws {ArgumentError} if min ≤ value ≤ max does not hold, or the step is not above zero
 */
export function slider(options: SliderOptions): Control<number> {
  const { label, min, max, value = min, frames = [] } = options;
  const units = options.units === "1" ? "" : (options.units ?? "");
  const step = options.step ?? (max - min) / 100;
  if (!(min < max && value >= min && value <= max && step > 0)) {
    const got = `min ${min}, value ${value}, max ${max}, step ${step}`;
    throw new ArgumentError({ what: label, wanted: "min ≤ value ≤ max and step > 0", got });
  }
  const isWhole = [min, step, value].every(Number.isInteger);
  const name = isWhole ? "IntSlider" : "FloatSlider";
  const description = units === "" ? label : `${label} [${units}]`;
  const format = isWhole ? "d" : `.${digitsOf(step)}f`;
  const range = { min, max, step, value, description, readout_format: format };
  return {
    label,
    value,
    frames,
    format: (v: number) => (units === "" ? `${v}` : `${v} ${units}`),
    // the figure is drawn when the slider is let go, not at each of its steps
    model: { name, part: "controls", state: { ...range, continuous_update: false } },
    read: ({ value: given }) => (typeof given === "number" ? given : undefined),
  };
}

/** A choice of one out of several. */
export interface DropdownOptions<T extends string> {
  readonly label: string;
  readonly choices: readonly T[];
  /** the first choice; the first of the list by default */
  readonly value?: T;
  /** the choices drawn beforehand for pages without a kernel; only the first choice by default */
  readonly frames?: readonly T[];
}

/**
 * Make a list to choose from.
 *
 * @throws {ArgumentError} if there is nothing to choose, or the value is not in the list
 */
export function dropdown<T extends string>(options: DropdownOptions<T>): Control<T> {
  const { label, choices, frames = [] } = options;
  const value = options.value ?? choices[0];
  if (value === undefined || !choices.includes(value)) {
    const wanted = `one of ${choices.join(", ") || "at least one choice"}`;
    throw new ArgumentError({ what: label, wanted, got: String(value) });
  }
  const state = {
    ...{ description: label, _options_labels: [...choices] },
    ...{ index: choices.indexOf(value), value },
  };
  return {
    label,
    value,
    frames,
    format: (v) => v,
    model: { name: "Dropdown", part: "controls", state },
    read: ({ index, value: given }) =>
      typeof index === "number" ? choices[index] : choices.find((choice) => choice === given),
  };
}

/** The values of controls by name. */
export type Settings<C> = { readonly [K in keyof C]: C[K] extends Control<infer T> ? T : never };

/**
 * Draw something that depends on controls, and draw it anew, in its place, whenever the reader
 * changes one.
 *
 * In a Jupyter with ipywidgets the controls stand above the figure. Where no reader looks on, as in
 * a run by `carbonbook reproduce`, the figure is drawn for each of `frames` of the first control
 * that has some, and these pictures are put behind a slider; else once. Draw cheaply: what does not
 * depend on the controls belongs in a cell before.
 *
 * @param controls by name, as `{speed: slider({…})}`
 * @param draw     makes the figure, or any other value, from the controls' values
 * @example
 * await explore(
 *   { n: slider({ label: "Waves", min: 1, max: 9, step: 1 }) },
 *   ({ n }) => `${n} waves`,
 * );
 */
export async function explore<C extends Readonly<Record<string, Control<unknown>>>>(
  controls: C,
  draw: (values: Settings<C>) => unknown,
): Promise<void> {
  const all = Object.entries(controls);
  const values = Object.fromEntries(all.map(([name, control]) => [name, control.value]));
  const drawFrom = (given: object) => draw(given as Settings<C>);
  if (!isAttended()) return drawFrames(all, values, drawFrom);
  const id = crypto.randomUUID();
  const redraw = async () => {
    try {
      await update(id, await drawFrom({ ...values }));
    } catch (error) {
      await update(id, mime({ "text/plain": `${error}` }));
      throw error;
    }
  };
  for (const [name, control] of all) {
    await showControl(control, async (value) => {
      values[name] = value;
      await redraw();
    });
  }
  await display(await drawFrom({ ...values }), { id });
}

/** Put a control on the page; `onValue` gets each value that differs from the one before. */
async function showControl(
  { model, read, label, format, value }: Control<unknown>,
  onValue: (value: unknown) => Promise<void>,
): Promise<void> {
  const wide = openModel(
    { name: "Layout", part: "base", state: { width: "32em" } },
    () => undefined,
  );
  const plain = {
    name: "DescriptionStyle",
    part: "controls",
    state: { description_width: "initial" },
  };
  const parts = isOldPage()
    ? { layout: `IPY_MODEL_${wide.id}` }
    : {
        layout: `IPY_MODEL_${wide.id}`,
        style: `IPY_MODEL_${openModel(plain as WidgetModel, () => undefined).id}`,
      };
  let last = value;
  const comm = openModel({ ...model, state: { ...model.state, ...parts } }, async (changed) => {
    const now = read(changed);
    if (now === undefined || now === last) return;
    last = now;
    await onValue(now);
  });
  const view = { version_major: 2, version_minor: 0, model_id: comm.id };
  const text = `${label}: ${format(value)} (a control, where ipywidgets is installed)`;
  if (isOldPage()) comm.send({ method: "display" });
  // ipywidgets 6 shows the control beside the output, and would show the text too
  const fallback = isOldPage() ? { "text/html": "" } : { "text/plain": text };
  await display(mime({ "application/vnd.jupyter.widget-view+json": view, ...fallback }));
}

async function drawFrames(
  all: readonly [string, Control<unknown>][],
  values: Fields,
  draw: (given: Fields) => unknown,
): Promise<void> {
  const [name, control] = all.find(([, { frames }]) => frames.length > 1) ?? [];
  if (name === undefined || control === undefined) return display(await draw(values));
  const frames: Frame[] = [];
  for (const value of control.frames) {
    const { data } = await bundleOf(await draw({ ...values, [name]: value }));
    const image = data["image/png"];
    if (typeof image !== "string") return display(await draw(values));
    frames.push({ label: control.format(value), image });
  }
  const chosen = Math.max(0, control.frames.indexOf(control.value));
  return display({ toMimeBundle: () => framesBundle(control.label, frames, chosen) });
}

/** Digits after the point that tell two steps apart. */
function digitsOf(step: number): number {
  return Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}
