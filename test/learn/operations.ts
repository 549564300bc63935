/** One case of every operation, with the shapes of its inputs. */

import { makeRandom, type NdArray, sizeOf } from "carbonbook/core";
import {
  abs,
  add,
  averagePool,
  concat,
  constant,
  conv,
  convFilter,
  convTranspose,
  divide,
  exp,
  expand,
  gatherRows,
  gradients,
  input,
  log,
  logSoftmax,
  makeWindow,
  matmul,
  maximum,
  maxPool,
  mean,
  minimum,
  momentsOf,
  multiply,
  type Node,
  negate,
  normalise,
  pad,
  power,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  sqrt,
  square,
  subtract,
  sum,
  sumRows,
  tanh,
  transpose,
} from "carbonbook/learn";

/** An operation to try. */
export interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly make: (...inputs: Node[]) => Node;
  /** keep the inputs above 0 */
  readonly positive?: boolean;
}

const pair = [
  [2, 3],
  [2, 3],
];
const broadcast = [
  [2, 3, 4],
  [3, 1],
];
const images = [2, 2, 5, 6];
const wide = makeWindow({ kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2] });
const same = makeWindow({ kernel: 3, padding: 1 });
const one = makeWindow({ kernel: 1 });
const tiles = makeWindow({ kernel: [3, 2], stride: [3, 2] });
const far = makeWindow({ kernel: 2, stride: 3, padding: 1 });
const over = makeWindow({ kernel: 3, stride: 2, padding: 1 });

function batchNorm(x: Node, scale: Node, shift: Node): Node {
  return normalise(x, momentsOf(x), { scale, shift }, 1e-5);
}

/** Every operation, in the forms that are computed differently. */
export const CASES: readonly Case[] = [
  { name: "add", shapes: broadcast, make: add },
  { name: "subtract", shapes: broadcast, make: subtract },
  { name: "multiply", shapes: broadcast, make: multiply },
  { name: "divide", shapes: broadcast, make: divide, positive: true },
  { name: "maximum", shapes: broadcast, make: maximum },
  { name: "minimum", shapes: pair, make: minimum },
  { name: "negate", shapes: [[5]], make: negate },
  { name: "relu", shapes: [[9]], make: relu },
  { name: "tanh", shapes: [[5]], make: tanh },
  { name: "sigmoid", shapes: [[5]], make: sigmoid },
  { name: "exp", shapes: [[5]], make: exp },
  { name: "log", shapes: [[5]], make: log, positive: true },
  { name: "sqrt", shapes: [[5]], make: sqrt, positive: true },
  { name: "square", shapes: [[5]], make: square },
  { name: "abs", shapes: [[5]], make: abs },
  { name: "power", shapes: [[5]], make: (x) => power(x, 2.5), positive: true },
  { name: "sum", shapes: [[2, 3, 4]], make: (x) => sum(x, [0, 2]) },
  { name: "mean", shapes: [[2, 3, 4]], make: (x) => mean(x, [1]) },
  { name: "softmax", shapes: [[2, 3, 4]], make: (x) => softmax(x, 1) },
  { name: "logSoftmax", shapes: [[2, 5]], make: (x) => logSoftmax(x, 1) },
  {
    name: "matmul",
    shapes: [
      [2, 3],
      [3, 4],
    ],
    make: (a, b) => matmul(a, b),
  },
  {
    name: "matmul, left transposed",
    shapes: [
      [3, 2],
      [3, 4],
    ],
    make: (a, b) => matmul(a, b, { transposeA: true }),
  },
  {
    name: "matmul, right transposed",
    shapes: [
      [2, 3],
      [4, 3],
    ],
    make: (a, b) => matmul(a, b, { transposeB: true }),
  },
  {
    name: "matmul, both transposed",
    shapes: [
      [3, 2],
      [4, 3],
    ],
    make: (a, b) => matmul(a, b, { transposeA: true, transposeB: true }),
  },
  { name: "reshape", shapes: [[2, 6]], make: (x) => reshape(x, [3, -1]) },
  { name: "expand", shapes: [[3, 1]], make: (x) => expand(x, [2, 3, 4]) },
  { name: "transpose", shapes: [[2, 3, 4]], make: (x) => transpose(x, [2, 0, 1]) },
  { name: "slice", shapes: [[4, 5]], make: (x) => slice(x, 1, [1, 4]) },
  { name: "pad", shapes: [[2, 3]], make: (x) => pad(x, 0, [1, 2]) },
  {
    name: "concat",
    shapes: [
      [2, 3],
      [2, 2],
    ],
    make: (a, b) => concat([a, b], 1),
  },
  { name: "gatherRows", shapes: [[4, 2]], make: (x) => gatherRows(x, Int32Array.of(3, 0, 3)) },
  { name: "sumRows", shapes: [[4, 2]], make: (x) => sumRows(x, Int32Array.of(2, 0, 2, 1), 4) },
  {
    name: "conv of the same size",
    shapes: [images, [3, 2, 3, 3], [3]],
    make: (x, f, b) => conv(x, f, same, b),
  },
  {
    name: "conv of wide images",
    shapes: [
      [1, 2, 3, 33],
      [1, 2, 3, 5],
    ],
    make: (x, f) => conv(x, f, makeWindow({ kernel: [3, 5], padding: [1, 1] })),
  },
  {
    name: "conv without bias, padding",
    shapes: [images, [2, 2, 3, 3]],
    make: (x, f) => conv(x, f, makeWindow({ kernel: 3 })),
  },
  { name: "conv 1×1", shapes: [images, [2, 2, 1, 1]], make: (x, f) => conv(x, f, one) },
  {
    name: "conv with stride and dilation",
    shapes: [images, [2, 2, 3, 2]],
    make: (x, f) => conv(x, f, wide),
  },
  {
    name: "conv of tiles",
    shapes: [
      [2, 3, 6, 4],
      [2, 3, 3, 2],
    ],
    make: (x, f) => conv(x, f, tiles),
  },
  { name: "conv with gaps", shapes: [images, [2, 2, 2, 2]], make: (x, f) => conv(x, f, far) },
  {
    name: "convTranspose of tiles",
    shapes: [
      [2, 3, 2, 3],
      [3, 2, 3, 2],
    ],
    make: (y, f) => convTranspose(y, f, tiles),
  },
  {
    name: "convTranspose of the same size",
    shapes: [
      [2, 3, 4, 5],
      [3, 2, 3, 3],
    ],
    make: (y, f) => convTranspose(y, f, same),
  },
  {
    name: "convTranspose with stride and dilation",
    shapes: [
      [2, 3, 3, 5],
      [3, 2, 3, 2],
    ],
    make: (y, f) => convTranspose(y, f, wide, [6, 7]),
  },
  { name: "convFilter", shapes: [images, [2, 2, 3, 4]], make: (x, y) => convFilter(x, y, wide) },
  {
    name: "maxPool",
    shapes: [[2, 3, 4, 6]],
    make: (x) => maxPool(x, makeWindow({ kernel: 2, stride: 2 })),
  },
  {
    name: "maxPool that leaves a rest",
    shapes: [[1, 2, 5, 7]],
    make: (x) => maxPool(x, makeWindow({ kernel: 2, stride: 2 })),
  },
  { name: "maxPool of overlapping windows", shapes: [images], make: (x) => maxPool(x, over) },
  {
    name: "averagePool",
    shapes: [[2, 3, 4, 6]],
    make: (x) => averagePool(x, makeWindow({ kernel: 2, stride: 2 })),
  },
  {
    name: "averagePool of overlapping windows",
    shapes: [images],
    make: (x) => averagePool(x, over),
  },
  {
    name: "batch norm of images",
    shapes: [
      [2, 3, 4, 5],
      [1, 3, 1, 1],
      [1, 3, 1, 1],
    ],
    make: batchNorm,
  },
  {
    name: "batch norm of features",
    shapes: [
      [6, 3],
      [1, 3],
      [1, 3],
    ],
    make: batchNorm,
  },
];

/** A case made into nodes: inputs with seeded values, a result, a scalar of it and its gradients. */
export function buildCase({ shapes, make, positive }: Case) {
  const random = makeRandom(17);
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
  const values: Record<string, NdArray<Float32Array>> = {};
  for (const [i, shape] of shapes.entries()) {
    const data = Float32Array.from({ length: sizeOf(shape) }, () => {
      const value = random.normal();
      return positive === true ? 0.3 + Math.abs(value) : value;
    });
    values[`x${i}`] = { data, shape };
  }
  const y = make(...inputs);
  const weights = Float32Array.from({ length: sizeOf(y.shape) }, () => random.normal());
  const loss = sum(multiply(y, constant({ data: weights, shape: y.shape })));
  const flows = gradients(loss, inputs);
  const outputs: Record<string, Node> = { y };
  for (const [i, flow] of flows.entries()) outputs[`d${i}`] = flow;
  return { values, y, loss, program: { outputs } };
}
