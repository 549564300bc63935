/** Writing ONNX models: the nodes, constants, inputs and outputs of one graph. */

import { createRequire } from "node:module";
import type { onnx as Onnx } from "onnx-proto";

const { onnx } = createRequire(import.meta.url)("onnx-proto") as { onnx: typeof Onnx };

/** The operator set that every model written here uses. */
export const OPSET = 17;

const IR_VERSION = 8;
const FLOAT = 1;
const INT64 = 7;

/** An attribute of an ONNX node. Numbers of kind `float` must say so. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** A graph under construction. Names of values are handed out by it. */
export interface ModelBuilder {
  /**
   * Add a node of one output; returns the output's name. An operator of onnxruntime's own is written
   * `Operator@domain`.
   */
  op(type: string, inputs: readonly string[], attributes?: Record<string, Attribute>): string;
  /** Add a node of several outputs. */
  ops(
    type: string,
    inputs: readonly string[],
    count: number,
    attributes?: Record<string, Attribute>,
  ): string[];
  /** Add float32 numbers as an initialiser; under a name of its own where one is given. */
  float(data: Float32Array, shape: readonly number[], name?: string): string;
  /** Add an int64 vector as an initialiser, or of another shape. */
  int64(values: ArrayLike<number>, shape?: readonly number[]): string;
  /** Declare an input; a dimension may have a name instead of a length. */
  input(name: string, shape: readonly (number | string)[]): void;
  /** Declare a value to be the output of a name. */
  output(name: string, value: string, shape: readonly (number | string)[]): void;
  /** The finished model, with text to keep in its metadata. */
  encode(metadata?: Readonly<Record<string, string>>): Uint8Array;
}

/** Start an empty ONNX model. */
export function makeModelBuilder(): ModelBuilder {
  const nodes: Onnx.INodeProto[] = [];
  const initializers: Onnx.ITensorProto[] = [];
  const inputs: Onnx.IValueInfoProto[] = [];
  const outputs: Onnx.IValueInfoProto[] = [];
  const integers = new Map<string, string>();
  const domains = new Set<string>();
  const made = new Set<string>();
  const renamed = new Map<string, string>();
  let count = 0;

  function ops(
    type: string,
    from: readonly string[],
    results: number,
    attributes: Record<string, Attribute> = {},
  ): string[] {
    const output = Array.from({ length: results }, () => `${type.split("@")[0]}_${count++}`);
    const attribute = Object.entries(attributes).map(([name, value]) =>
      encodeAttribute(name, value),
    );
    const [opType, domain = ""] = type.split("@") as [string, string?];
    domains.add(domain);
    for (const value of output) made.add(value);
    nodes.push({ name: output[0]!, opType, domain, input: [...from], output, attribute });
    return output;
  }

  return {
    ops,
    op: (type, from, attributes) => ops(type, from, 1, attributes)[0]!,
    float(data, shape, name = `float_${count++}`) {
      const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      initializers.push({ name, dataType: FLOAT, dims: [...shape], rawData });
      return name;
    },
    int64(values, shape = [values.length]) {
      const key = `${shape.join("x")}:${Array.from(values).join(",")}`;
      const known = integers.get(key);
      if (known !== undefined) return known;
      const name = `int64_${count++}`;
      const rawData = new Uint8Array(BigInt64Array.from(Array.from(values), BigInt).buffer);
      initializers.push({ name, dataType: INT64, dims: [...shape], rawData });
      integers.set(key, name);
      return name;
    },
    input: (name, shape) => void inputs.push(valueInfo(name, shape)),
    output(name, value, shape) {
      // A value takes the output's name: onnxruntime copies it where an Identity stands for that.
      if (made.has(value) && !renamed.has(value)) renamed.set(value, name);
      else nodes.push({ name, opType: "Identity", input: [value], output: [name] });
      outputs.push(valueInfo(name, shape));
    },
    encode(metadata = {}) {
      const rename = (value: string) => renamed.get(value) ?? value;
      for (const node of nodes) {
        node.input = node.input!.map(rename);
        node.output = node.output!.map(rename);
      }
      const graph = { name: "carbonbook", node: nodes, initializer: initializers };
      const model = onnx.ModelProto.create({
        irVersion: IR_VERSION,
        producerName: "carbonbook",
        opsetImport: [...domains].map((domain) => {
          return { domain, version: domain === "" ? OPSET : 1 };
        }),
        metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
        graph: { ...graph, input: inputs, output: outputs },
      });
      return onnx.ModelProto.encode(model).finish();
    },
  };
}

/** What can be read back from a model file: its metadata and its named float constants. */
export interface ModelContents {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, { readonly data: Float32Array; readonly shape: number[] }>;
}

/** Read metadata and float32 initialisers of an ONNX model. */
export function decodeModel(bytes: Uint8Array): ModelContents {
  const model = onnx.ModelProto.decode(bytes);
  const metadata = new Map(model.metadataProps.map(({ key, value }) => [key ?? "", value ?? ""]));
  const tensors = new Map<string, { data: Float32Array; shape: number[] }>();
  for (const tensor of model.graph?.initializer ?? []) {
    if (tensor.dataType !== FLOAT || !tensor.rawData || tensor.rawData.length === 0) continue;
    const data = new Float32Array(Uint8Array.from(tensor.rawData).buffer);
    tensors.set(tensor.name ?? "", { data, shape: (tensor.dims ?? []).map(Number) });
  }
  return { metadata, tensors };
}

function encodeAttribute(name: string, value: Attribute): Onnx.IAttributeProto {
  const type = onnx.AttributeProto.AttributeType;
  if (typeof value === "number") return { name, i: value, type: type.INT };
  if (typeof value === "string") return { name, s: Buffer.from(value), type: type.STRING };
  if ("float" in value) return { name, f: value.float, type: type.FLOAT };
  return { name, ints: [...value], type: type.INTS };
}

function valueInfo(name: string, shape: readonly (number | string)[]): Onnx.IValueInfoProto {
  const dim = shape.map((length) =>
    typeof length === "string" ? { dimParam: length } : { dimValue: length },
  );
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}
