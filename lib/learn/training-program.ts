/**
 * The programs of a training run. A training step is one program: weights, slots and a batch go in;
 * loss, gradient norm, new weights and new slots come out. All weights travel as one flat vector,
 * so that a step passes few arrays and the optimiser few nodes.
 */

import { ArgumentError, formatShape, sizeOf } from "../core/index.js";
import { applyNetwork, type Mode } from "./application.js";
import { add, multiply, square, sum } from "./arithmetic.js";
import { gradients } from "./derivative.js";
import type { Network } from "./layer.js";
import { type Objective, scalar } from "./loss.js";
import { type Parameter, parametersOf } from "./network.js";
import { input, type Node, type Program } from "./node.js";
import { type Clip, clipNodes, countSlots, type Optimiser, stepNodes } from "./optimiser.js";
import { concat, reshape, slice } from "./shaping.js";

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
  weights: "state/weights",
  moments: "state/moments",
  rate: "state/rate",
  correction: "state/correction",
  loss: "state/loss",
  norm: "state/norm",
  slot: (i: number) => `state/slot${i}`,
  nextWeights: "next/weights",
  nextMoments: "next/moments",
  nextSlot: (i: number) => `next/slot${i}`,
  mask: (i: number) => `state/mask${i}`,
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
  readonly flat: Node;
  readonly masks: readonly Mask[];
}

/**
 * The program of one training step.
 *
 * @param fields shape of one sample of each field of the data
 * @param batch  how many samples a batch holds
 */
export function trainingProgram(
  task: Task,
  fields: Readonly<Record<string, readonly number[]>>,
  batch: number,
  { optimiser, clip }: { readonly optimiser: Optimiser; readonly clip?: Clip },
): BatchProgram {
  const { loss, trained, moments, flat, masks } = evaluate(task, fields, batch, "train");
  const flows = gradients(penalised(task, loss, trained), trained);
  const gradient = joinFlat(flows);
  const clipped = clipNodes(gradient, clip);
  const slots = Array.from({ length: countSlots(optimiser) }, (_, i) =>
    input(NAMES.slot(i), flat.shape),
  );
  const rates: [Node, Node] = [input(NAMES.rate, [1]), input(NAMES.correction, [1])];
  const next = stepNodes(optimiser, {
    weights: flat,
    gradient: clipped.gradient,
    slots,
    rates,
  });
  const outputs: Record<string, Node> = {
    [NAMES.loss]: loss,
    [NAMES.norm]: clipped.norm,
    [NAMES.nextWeights]: next.weights,
  };
  if (moments.length > 0) outputs[NAMES.nextMoments] = joinFlat(moments);
  for (const [i, slot] of next.slots.entries()) outputs[NAMES.nextSlot(i)] = slot;
  return { program: { outputs }, masks };
}

/** The program that gives the loss of a batch and the gradient by the flat weights. */
export function gradientProgram(
  task: Task,
  fields: Readonly<Record<string, readonly number[]>>,
  batch: number,
): BatchProgram {
  const { loss, trained, masks } = evaluate(task, fields, batch, "train");
  const gradient = joinFlat(gradients(penalised(task, loss, trained), trained));
  return { program: { outputs: { loss, gradient } }, masks };
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

/** The flat input cut into nodes of the parameters' shapes. */
export function cutFlat(flat: Node, parameters: readonly Parameter[]): Node[] {
  let start = 0;
  return parameters.map(({ shape }) => {
    const stop = start + sizeOf(shape);
    const piece = reshape(slice(flat, 0, [start, stop]), shape);
    start = stop;
    return piece;
  });
}

function joinFlat(nodes: readonly Node[]): Node {
  return concat(
    nodes.map((node) => reshape(node, [sizeOf(node.shape)])),
    0,
  );
}

function evaluate(
  task: Task,
  fields: Readonly<Record<string, readonly number[]>>,
  batch: number,
  mode: Mode,
): Evaluation {
  const layout = layoutOf(task);
  const length = (parameters: readonly Parameter[]) =>
    parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
  const flat = input(NAMES.weights, [length(layout.trained)]);
  const trained = cutFlat(flat, layout.trained);
  const moments = cutFlat(input(NAMES.moments, [length(layout.moments)]), layout.moments);
  const nodes = [...trained, ...moments];
  const weights = new Map(
    [...layout.trained, ...layout.moments].map(({ name }, i) => [name, nodes[i]!]),
  );
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
  return { loss, trained, moments: after, flat, masks };
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
