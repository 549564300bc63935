/**
 * The programs of a training run. A training step runs one: parameters and a batch go in, loss and
 * gradients come out; the optimiser then moves the weights.
 */

import { ArgumentError, formatShape, sizeOf } from "../core/index.js";
import { applyNetwork, type Mode } from "./application.js";
import { add, multiply, square, sum } from "./arithmetic.js";
import { gradients } from "./derivative.js";
import type { Network } from "./layer.js";
import { type Objective, scalar } from "./loss.js";
import { type Parameter, parametersOf } from "./network.js";
import { input, type Node, type Program } from "./node.js";

/** Trained numbers beside the network, such as the log σ of a weighted sum of losses. */
export interface ExtraParameter {
  readonly shape: readonly number[];
  /** the value all its elements start from */
  readonly initial: number;
}

/** What is to be minimised, over which weights. */
export interface Task {
  readonly network: Network;
  readonly objective: Objective;
  readonly extra?: Readonly<Record<string, ExtraParameter>>;
  /** λ of the penalty λ Σ w² on the kernels of the network; none by default */
  readonly l2?: number;
}

/** How the flat vectors are cut: what is trained, and the running moments. */
export interface Layout {
  readonly trained: readonly Parameter[];
  readonly moments: readonly Parameter[];
}

/** A dropout mask that each step must be given. */
export interface Mask {
  readonly name: string;
  readonly rate: number;
  readonly shape: readonly number[];
}

/** A program that takes a batch of one size, and the masks it needs. */
export interface BatchProgram {
  readonly program: Program;
  readonly masks: readonly Mask[];
}

/** Names of the inputs and outputs that are not fields of the data. */
export const NAMES = {
  /** a parameter that goes in */
  state: (parameter: string) => `state/${parameter}`,
  /** the gradient by a weight, or what becomes of a running moment */
  step: (parameter: string) => `step/${parameter}`,
  mask: (i: number) => `mask/${i}`,
  loss: "result/loss",
} as const;

/** Cut the parameters of a task into those that are trained and the running moments. */
export function layoutOf(task: Pick<Task, "network" | "extra">): Layout {
  const all = parametersOf(task.network);
  const extra = Object.entries(task.extra ?? {}).map(([name, { shape, initial }]): Parameter => {
    return { name, shape, initial: { kind: "constant", value: initial }, role: "bias" };
  });
  return {
    trained: [...all.filter(({ role }) => role !== "moment"), ...extra],
    moments: all.filter(({ role }) => role === "moment"),
  };
}

/** Nodes of an objective applied to one batch. */
interface Evaluation {
  readonly loss: Node;
  readonly trained: readonly Node[];
  readonly moments: readonly Node[];
  readonly masks: readonly Mask[];
}

/**
 * The program of a training step: it gives the loss of a batch (`result/loss`) and, by the name of each
 * parameter, the gradient or the new running moment (`step/conv1.weight`).
 *
 * @param fields shape of one sample of each field of the data
 * @param batch  how many samples a batch holds
 */
export function gradientProgram(
  task: Task,
  fields: Readonly<Record<string, readonly number[]>>,
  batch: number,
): BatchProgram {
  const { loss, trained, moments, masks } = evaluate(task, fields, batch, "train");
  const layout = layoutOf(task);
  const flows = gradients(penalised(task, loss, trained), trained);
  const steps = [...flows, ...moments];
  const outputs = Object.fromEntries(
    [...layout.trained, ...layout.moments].map(({ name }, i) => [NAMES.step(name), steps[i]!]),
  );
  return { program: { outputs: { ...outputs, [NAMES.loss]: loss } }, masks };
}

/** The program that gives the loss of a batch and changes nothing. */
export function lossProgram(
  task: Task,
  fields: Readonly<Record<string, readonly number[]>>,
  batch: number,
  mode: Exclude<Mode, "train">,
): Program {
  return { outputs: { [NAMES.loss]: evaluate(task, fields, batch, mode).loss } };
}

function evaluate(
  task: Task,
  fields: Readonly<Record<string, readonly number[]>>,
  batch: number,
  mode: Mode,
): Evaluation {
  const layout = layoutOf(task);
  const all = [...layout.trained, ...layout.moments];
  const weights = new Map(all.map(({ name, shape }) => [name, input(NAMES.state(name), shape)]));
  const trained = layout.trained.map(({ name }) => weights.get(name)!);
  const masks: Mask[] = [];
  const mask = (rate: number, shape: readonly number[]) => {
    const name = NAMES.mask(masks.length);
    masks.push({ name, rate, shape });
    return input(name, shape);
  };
  const values = Object.fromEntries(
    Object.entries(fields).map(([name, shape]) => [name, input(name, [batch, ...shape])]),
  );
  const extra = Object.fromEntries(
    Object.keys(task.extra ?? {}).map((name) => [name, weights.get(name)!]),
  );
  const model = (inputs: Node | Readonly<Record<string, Node>> = values) =>
    [...applyNetwork(task.network, inputs, { mode, weights, mask }).values()].at(-1)!;
  const loss = checkScalar(task.objective({ model, batch: values, extra }));
  const after = layout.moments.map(({ name }) => weights.get(name)!);
  return { loss, trained, moments: after, masks };
}

function checkScalar(loss: Node): Node {
  if (sizeOf(loss.shape) === 1) return scalar(loss);
  const got = `shape ${formatShape(loss.shape)}`;
  throw new ArgumentError({
    what: "objective",
    wanted: "one number",
    got,
    remedy: "take its mean",
  });
}

function penalised(task: Task, loss: Node, trained: readonly Node[]): Node {
  const { l2 = 0 } = task;
  if (l2 === 0) return loss;
  const kernels = layoutOf(task).trained.map(({ role }, i) =>
    role === "kernel" ? [trained[i]!] : [],
  );
  const penalty = kernels
    .flat()
    .map((kernel) => scalar(sum(square(kernel))))
    .reduce(add);
  return add(loss, multiply(penalty, l2));
}
