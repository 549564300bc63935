/** From the nodes of a program to the operators of an ONNX graph. */

import type { NdArray } from "../core/index.js";
import {
  inputsOf,
  type Kind,
  type Node,
  type Operation,
  type OperationOf,
  type Program,
  sortNodes,
} from "./node.js";
import {
  type Dialect,
  windowAttributes,
  writeConv,
  writeConvFilter,
  writeConvTranspose,
} from "./onnx-convolution.js";
import { type ModelBuilder, makeModelBuilder } from "./onnx-model.js";
import {
  writeAveragePoolGradient,
  writeMaxPoolGradient,
  writeSearchedMaxPoolGradient,
} from "./onnx-pooling.js";

/** What a writer may ask about the graph around its node. */
interface Context {
  readonly model: ModelBuilder;
  readonly names: ReadonlyMap<Node, string>;
  /** MaxPool's places, by the pool's node; undefined where it does not report them */
  readonly places: Map<Node, string> | undefined;
  readonly block: number;
  readonly dialect: Dialect;
  /** convolutions that only a ReLU takes, which is written with them */
  readonly activated: ReadonlySet<Node>;
}

type Writer<K extends Kind> = (
  operation: OperationOf<K>,
  node: Node,
  inputs: readonly string[],
  context: Context,
) => string;

/** What may be fixed when a program becomes an ONNX model. */
export interface LoweringOptions {
  /** inputs to be stored in the model as constants of their names */
  readonly fixed?: ReadonlyMap<string, NdArray<Float32Array>>;
  /** text to keep in the model */
  readonly metadata?: Readonly<Record<string, string>>;
  /** name of the first dimension of all inputs and outputs, where it is to stay open */
  readonly freeBatch?: string;
  /** channels in a block of onnxruntime's own layout; 0, the default, keeps to plain ONNX */
  readonly block?: number;
  /** `plain` by default */
  readonly dialect?: Dialect;
}

/** Write a program as an ONNX model (opset `OPSET`, IR version 8). */
export function toOnnx(program: Program, options: LoweringOptions = {}): Uint8Array {
  const model = makeModelBuilder();
  for (const [name, node] of inputsOf(program)) {
    const fixed = options.fixed?.get(name);
    if (fixed === undefined) model.input(name, openShape(node, options));
    else model.float(fixed.data, fixed.shape, name);
  }
  const names = new Map<Node, string>();
  const sorted = sortNodes(Object.values(program.outputs));
  const { block = 0, dialect = "plain" } = options;
  const places = dialect === "plain" ? new Map<Node, string>() : undefined;
  const activated = findActivated(sorted, Object.values(program.outputs));
  const context: Context = { model, names, places, block, dialect, activated };
  for (const node of sorted) {
    const inputs = node.inputs.map((source) => names.get(source)!);
    const writer = WRITERS[node.operation.kind] as Writer<Kind>;
    names.set(node, writer(node.operation, node, inputs, context));
  }
  for (const [name, node] of Object.entries(program.outputs)) {
    model.output(name, names.get(node)!, openShape(node, options));
  }
  return model.encode(options.metadata);
}

function findActivated(sorted: readonly Node[], outputs: readonly Node[]): Set<Node> {
  const uses = new Map<Node, number>(outputs.map((node) => [node, 1]));
  for (const node of sorted) {
    for (const source of node.inputs) uses.set(source, (uses.get(source) ?? 0) + 1);
  }
  const found = sorted
    .filter(({ operation }) => operation.kind === "relu")
    .map(({ inputs }) => inputs[0]!)
    .filter((source) => source.operation.kind === "conv" && uses.get(source) === 1);
  return new Set(found);
}

function openShape(node: Node, { freeBatch }: LoweringOptions): readonly (number | string)[] {
  return freeBatch === undefined ? node.shape : [freeBatch, ...node.shape.slice(1)];
}

/** A reshape that keeps the first axis says 0 for it, so that it holds for any batch. */
function writeReshape(_: Operation, node: Node, [x]: readonly string[], { model }: Context) {
  const { shape } = node;
  const keeps = shape.length > 0 && shape[0] === node.inputs[0]!.shape[0];
  return model.op("Reshape", [x!, model.int64(keeps ? [0, ...shape.slice(1)] : shape)]);
}

/** A writer for an ONNX operator that takes the inputs as they are. */
function plain(type: string) {
  return (_: Operation, __: Node, inputs: readonly string[], { model }: Context) =>
    model.op(type, inputs);
}

function along(type: string) {
  type Along = { readonly axis: number };
  return ({ axis }: Along, _: Node, inputs: readonly string[], { model }: Context) =>
    model.op(type, inputs, { axis });
}

function scalar(model: ModelBuilder, value: number): string {
  return model.float(Float32Array.of(value), []);
}

/** x · slope + (β − mean · slope) with slope = γ · (variance + ε)^−½: two passes over x. */
function writeNormalise(
  { epsilon }: OperationOf<"normalise">,
  _: Node,
  inputs: readonly string[],
  { model }: Context,
): string {
  const [x, center, variance, scale, shift] = inputs as [string, string, string, string, string];
  const deviation = model.op("Sqrt", [model.op("Add", [variance, scalar(model, epsilon)])]);
  const slope = model.op("Div", [scale, deviation]);
  const offset = model.op("Sub", [shift, model.op("Mul", [center, slope])]);
  return model.op("Add", [model.op("Mul", [x, slope]), offset]);
}

function writePad(
  { axis, before }: OperationOf<"pad">,
  node: Node,
  [x]: readonly string[],
  { model }: Context,
): string {
  const rank = node.shape.length;
  const amounts = new Array<number>(2 * rank).fill(0);
  amounts[axis] = before;
  amounts[rank + axis] = node.shape[axis]! - before - node.inputs[0]!.shape[axis]!;
  return model.op("Pad", [x!, model.int64(amounts)]);
}

function writeSumRows(
  { rows }: OperationOf<"sumRows">,
  node: Node,
  [x]: readonly string[],
  { model }: Context,
): string {
  const zero = model.float(new Float32Array(1), new Array(node.shape.length).fill(1));
  const zeros = model.op("Expand", [zero, model.int64(node.shape)]);
  const at = model.int64(rows, [rows.length, 1]);
  return model.op("ScatterND", [zeros, at, x!], { reduction: "add" });
}

const WRITERS: { readonly [K in Kind]: Writer<K> } = {
  input: ({ name }) => name,
  constant: ({ data }, { shape }, _, { model }) => model.float(data, shape),
  add: plain("Add"),
  subtract: plain("Sub"),
  multiply: plain("Mul"),
  divide: plain("Div"),
  maximum: plain("Max"),
  minimum: plain("Min"),
  negate: plain("Neg"),
  relu: (_, { inputs }, [x], { model, activated }) =>
    activated.has(inputs[0]!) ? x! : model.op("Relu", [x!]),
  tanh: plain("Tanh"),
  sigmoid: plain("Sigmoid"),
  exp: plain("Exp"),
  log: plain("Log"),
  sqrt: plain("Sqrt"),
  square: (_, __, [x], { model }) => model.op("Mul", [x!, x!]),
  abs: plain("Abs"),
  sign: plain("Sign"),
  step: (_, __, [x], { model }) =>
    model.op("Cast", [model.op("Greater", [x!, scalar(model, 0)])], { to: 1 }),
  power: ({ exponent }, __, [x], { model }) => model.op("Pow", [x!, scalar(model, exponent)]),
  sum: ({ axes }, _, [x], { model }) =>
    model.op("ReduceSum", [x!, model.int64(axes)], { keepdims: 1 }),
  mean: ({ axes }, _, [x], { model }) => model.op("ReduceMean", [x!], { axes, keepdims: 1 }),
  softmax: along("Softmax"),
  logSoftmax: along("LogSoftmax"),
  matmul: ({ transposeA, transposeB }, _, inputs, { model }) =>
    model.op("Gemm", inputs, { transA: Number(transposeA), transB: Number(transposeB) }),
  reshape: writeReshape,
  expand: (_, { shape }, [x], { model }) => model.op("Expand", [x!, model.int64(shape)]),
  transpose: ({ order }, _, inputs, { model }) => model.op("Transpose", inputs, { perm: order }),
  slice: ({ axis, start }, { shape }, [x], { model }) =>
    model.op("Slice", [
      x!,
      model.int64([start]),
      model.int64([start + shape[axis]!]),
      model.int64([axis]),
    ]),
  pad: writePad,
  concat: along("Concat"),
  gatherRows: ({ rows }, _, [x], { model }) =>
    model.op("Gather", [x!, model.int64(rows)], { axis: 0 }),
  sumRows: writeSumRows,
  conv: ({ window }, node, inputs, { model, block, dialect, activated }) =>
    writeConv(model, node, window, inputs, { block, dialect, relu: activated.has(node) }),
  convTranspose: ({ window }, node, inputs, { model, block, dialect }) =>
    writeConvTranspose(model, node, { window, block, dialect }, inputs as [string, string]),
  convFilter: ({ window }, node, inputs, { model, dialect }) =>
    writeConvFilter(model, node, { window, dialect }, inputs as [string, string]),
  maxPool: ({ window }, node, inputs, { model, places }) => {
    const count = places === undefined ? 1 : 2;
    const [largest, at] = model.ops("MaxPool", inputs, count, windowAttributes(window));
    places?.set(node, at!);
    return largest!;
  },
  maxPoolGradient: ({ window }, node, [x, , dy], { model, places }) =>
    places === undefined
      ? writeSearchedMaxPoolGradient(model, node, window, [x!, dy!])
      : writeMaxPoolGradient(model, node, window, [places.get(node.inputs[1]!)!, dy!]),
  averagePool: ({ window }, _, inputs, { model }) => {
    const { dilations: _unused, ...attributes } = windowAttributes(window);
    return model.op("AveragePool", inputs, { ...attributes, count_include_pad: 1 });
  },
  averagePoolGradient: ({ window }, node, [dy], { model }) =>
    writeAveragePoolGradient(model, node, window, dy!),
  normalise: writeNormalise,
};
