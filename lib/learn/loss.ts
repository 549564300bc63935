/** Losses, as nodes. A training run minimises an objective: any scalar made of such nodes. */

import { ArgumentError } from "../core/index.js";
import {
  add,
  log,
  logSoftmax,
  maximum,
  mean,
  multiply,
  negate,
  sqrt,
  square,
  subtract,
  sum,
} from "./arithmetic.js";
import { constant, misfit, type Node } from "./node.js";
import { reshape, sameShape, slice } from "./shaping.js";

/** What an objective may use to make its scalar. */
export interface ObjectiveContext {
  /** apply the network; may be called several times, the weights are shared */
  readonly model: (inputs?: Node | Readonly<Record<string, Node>>) => Node;
  /** one batch of every field of the data, shape (n, …sample) */
  readonly batch: Readonly<Record<string, Node>>;
  /** trained numbers beside the network, as declared in the options */
  readonly extra: Readonly<Record<string, Node>>;
}

/** Makes the scalar that training minimises. */
export type Objective = (context: ObjectiveContext) => Node;

/** A loss that can be written down as data, so that worker threads can have it too. */
export type LossDescription =
  | { readonly kind: "mse"; readonly target?: string }
  | {
      readonly kind: "crossEntropy";
      /** field of one-hot rows or probabilities, `y` by default */
      readonly target?: string;
      /** what the network gives: `logits` (default), or `probabilities` where it ends in softmax */
      readonly from?: "logits" | "probabilities";
    }
  | {
      readonly kind: "bhattacharyya";
      /** weight of each target field, such as { filtered: 0.8, raw: 0.2 } */
      readonly targets: Readonly<Record<string, number>>;
      /** the one map that counts, from 0; the mean over all maps by default */
      readonly map?: number;
    };

/** Mean of (output − target)² over all elements. */
export function meanSquare(output: Node, target: Node): Node {
  return scalar(mean(square(subtract(output, fit(target, output)))));
}

/**
 * −mean Σ target · log softmax(output), over the second axis.
 *
 * @param from `probabilities`: the output is a softmax already; its logarithm is cut off at 1e-7,
 *             as in Keras
 */
export function crossEntropy(
  output: Node,
  target: Node,
  from: "logits" | "probabilities" = "logits",
): Node {
  const logs = from === "logits" ? logSoftmax(output, 1) : log(maximum(output, 1e-7));
  const each = sum(multiply(fit(target, output), logs), [1]);
  return scalar(negate(mean(each)));
}

/**
 * Bhattacharyya loss of maps: mean over batch and maps of 1 − Σ √(P·Q + 1e-30).
 *
 * @param p shape (n, maps, h, w), each map sums to 1
 * @param q the same
 * @see Picard et al. (2024), Ocean Science 20, 1149, equation 1 (with the root its code has)
 */
export function bhattacharyya(p: Node, q: Node): Node {
  const overlap = sum(sqrt(add(multiply(p, fit(q, p)), 1e-30)), [2, 3]);
  return scalar(subtract(1, mean(overlap)));
}

/** The objective that a description or a function stands for. */
export function toObjective(loss: LossDescription | Objective): Objective {
  if (typeof loss === "function") return loss;
  return ({ model, batch }) => {
    const output = model();
    switch (loss.kind) {
      case "mse":
        return meanSquare(output, field(batch, loss.target));
      case "crossEntropy":
        return crossEntropy(output, field(batch, loss.target), loss.from);
      case "bhattacharyya":
        return Object.entries(loss.targets)
          .map(([name, weight]) => {
            const [p, q] = [output, field(batch, name)].map((maps) => pickMap(maps, loss.map));
            return multiply(bhattacharyya(p!, q!), weight);
          })
          .reduce(add, constant(0));
    }
  };
}

/** Give a one-element node the shape of a scalar. */
export function scalar(x: Node): Node {
  return reshape(x, []);
}

function pickMap(maps: Node, map: number | undefined): Node {
  return map === undefined ? maps : slice(maps, 1, [map, map + 1]);
}

function field(batch: Readonly<Record<string, Node>>, name = "y"): Node {
  const node = batch[name];
  if (node !== undefined) return node;
  const wanted = `one of ${Object.keys(batch).join(", ")}`;
  throw new ArgumentError({ what: "target of the loss", wanted, got: `"${name}"` });
}

function fit(target: Node, output: Node): Node {
  if (!sameShape(target.shape, output.shape)) {
    throw misfit("output and target of the loss", output.shape, target.shape);
  }
  return target;
}
