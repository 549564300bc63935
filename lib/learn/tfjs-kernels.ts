/** The operations of a graph in TensorFlow.js, in functions that every backend has. */

import type { Tensor } from "@tensorflow/tfjs";
import type { Node, Operation } from "./node.js";
import {
  averagePool,
  averagePoolGradient,
  conv,
  convFilter,
  convTranspose,
  maxPool,
  maxPoolGradient,
} from "./tfjs-convolution.js";
import type { Tf } from "./tfjs-engine.js";

type Unary = (tf: Tf, x: Tensor) => Tensor;
type Binary = (tf: Tf, a: Tensor, b: Tensor) => Tensor;

const above = (tf: Tf, x: Tensor, bound: number) => tf.cast(tf.greater(x, bound), "float32");

const UNARY: { readonly [K in Operation["kind"]]?: Unary } = {
  negate: (tf, x) => tf.neg(x),
  relu: (tf, x) => tf.relu(x),
  tanh: (tf, x) => tf.tanh(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  exp: (tf, x) => tf.exp(x),
  log: (tf, x) => tf.log(x),
  sqrt: (tf, x) => tf.sqrt(x),
  square: (tf, x) => tf.mul(x, x),
  abs: (tf, x) => tf.abs(x),
  sign: (tf, x) => tf.sub(above(tf, x, 0), above(tf, tf.neg(x), 0)),
  step: (tf, x) => above(tf, x, 0),
};

const BINARY: { readonly [K in Operation["kind"]]?: Binary } = {
  add: (tf, a, b) => tf.add(a, b),
  subtract: (tf, a, b) => tf.sub(a, b),
  multiply: (tf, a, b) => tf.mul(a, b),
  divide: (tf, a, b) => tf.div(a, b),
  maximum: (tf, a, b) => tf.maximum(a, b),
  minimum: (tf, a, b) => tf.minimum(a, b),
};

/** Compute a node from its inputs. Inputs of the graph are not nodes that it computes. */
export function computeNode(tf: Tf, node: Node, inputs: readonly Tensor[]): Tensor {
  const { operation } = node;
  const [a, b] = inputs as readonly [Tensor, Tensor];
  const unary = UNARY[operation.kind];
  if (unary !== undefined) return unary(tf, a);
  const binary = BINARY[operation.kind];
  if (binary !== undefined) return binary(tf, a, b);
  switch (operation.kind) {
    case "constant":
      return tf.tensor(operation.data, [...node.shape], "float32");
    case "power":
      return tf.pow(a, operation.exponent);
    case "sum":
      return operation.axes.length === 0 ? a : tf.sum(a, [...operation.axes], true);
    case "mean":
      return tf.mean(a, [...operation.axes], true);
    case "softmax":
    case "logSoftmax":
      return softmax(tf, operation, a);
    case "matmul":
      return tf.matMul(a, b, operation.transposeA, operation.transposeB);
    case "normalise":
      return normalise(tf, operation.epsilon, inputs);
    default:
      return moveOrSlide(tf, node, inputs);
  }
}

function moveOrSlide(tf: Tf, node: Node, inputs: readonly Tensor[]): Tensor {
  const { operation, shape } = node;
  const x = inputs[0]!;
  switch (operation.kind) {
    case "reshape":
      return tf.reshape(x, [...shape]);
    case "expand":
      return tf.add(x, tf.zeros([...shape]));
    case "transpose":
      return tf.transpose(x, [...operation.order]);
    case "slice": {
      const begin = shape.map((_, axis) => (axis === operation.axis ? operation.start : 0));
      return tf.slice(x, begin, [...shape]);
    }
    case "pad": {
      const { axis, before } = operation;
      const amounts = shape.map((length, d): [number, number] =>
        d === axis ? [before, length - before - x.shape[d]!] : [0, 0],
      );
      return tf.pad(x, amounts);
    }
    case "concat":
      return tf.concat([...inputs], operation.axis);
    case "gatherRows":
      return tf.gather(x, tf.tensor1d(operation.rows, "int32"));
    case "sumRows": {
      const rows = tf.tensor2d(operation.rows, [operation.rows.length, 1], "int32");
      return tf.scatterND(rows, x, [...shape] as never);
    }
    default:
      return slide(tf, node, inputs);
  }
}

function slide(tf: Tf, node: Node, inputs: readonly Tensor[]): Tensor {
  const { operation } = node;
  const x = inputs[0]!;
  switch (operation.kind) {
    case "conv":
      return conv(tf, operation.window, inputs);
    case "convTranspose":
      return convTranspose(tf, operation.window, node, inputs);
    case "convFilter":
      return convFilter(tf, operation.window, node, inputs);
    case "maxPool":
      return maxPool(tf, operation.window, node, x);
    case "maxPoolGradient":
      return maxPoolGradient(tf, operation.window, node, inputs);
    case "averagePool":
      return averagePool(tf, operation.window, node, x);
    case "averagePoolGradient":
      return averagePoolGradient(tf, operation.window, node, x);
    default:
      throw new Error(`operation ${operation.kind} is not computed here`);
  }
}

function softmax(
  tf: Tf,
  { kind, axis }: { readonly kind: string; readonly axis: number },
  x: Tensor,
): Tensor {
  const low = tf.sub(x, tf.max(x, axis, true));
  const powers = tf.exp(low);
  const total = tf.sum(powers, axis, true);
  return kind === "softmax" ? tf.div(powers, total) : tf.sub(low, tf.log(total));
}

function normalise(tf: Tf, epsilon: number, inputs: readonly Tensor[]): Tensor {
  const [x, center, variance, scale, shift] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const slope = tf.div(scale, tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(tf.sub(x, center), slope), shift);
}
