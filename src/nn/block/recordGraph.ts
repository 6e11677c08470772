/** The recorded graph of a model as plain data. */
import type { DType } from "../../base/dtype";
import { ArgumentError } from "../../base/errors";
import type { Json } from "../../base/info";
import type { PartialShape, Shape } from "../../base/shape";
import { defaultDevice, withDevice } from "../../device/open";
import { rollBackEffects } from "../../plan/run/execute";
import { zeros } from "../../tensor/creation";
import { type Op, recordedInOrder } from "../../tensor/graph";
import { closeScope, openScope, outsideScopes, type Scope, suspendScope, tensorsIn } from "../../tensor/scope";
import { stream } from "../../tensor/stream";
import type { Node, Tensor } from "../../tensor/tensor";
import { glorotUniform } from "../initializers/glorotUniform";
import type { Block } from "./block";
import { constantsOf, joinPath, walkBlocks, walkWeights } from "./tree";

/** Tensor of a model's graph. Ops refer to it by its index in `values`. */
export interface ModelGraphValue {
  /** Shape of the tensor. */
  shape: Shape;
  /** Type of the elements. */
  dtype: DType;
}

/** Call of an op in a model's graph. */
export interface ModelGraphOp {
  /** Name of the op: "matmul". */
  name: string;
  /** Arguments other than tensors. Numbers that are not finite are strings: "Infinity", "-Infinity", "NaN". */
  attributes: { [name: string]: Json };
  /** Indices of the tensors that it reads. */
  inputs: number[];
  /** Index of the tensor that it computes. */
  output: number;
  /** Path of the block whose `forward` calls it, "" for the model itself; null outside of the model's blocks. */
  block: string | null;
  /**
   * Multiply-adds of the call: products with their sums. Every other operation on an element, such as a sum, a maximum
   * or an exponential, counts as one; copies and conversions count as none.
   */
  multiplyAdds: number;
  /** Bytes read and written if each element is moved once; 0 for views, such as those of reshape. */
  bytes: number;
}

/** Weight in a model's graph. */
export interface ModelGraphWeight {
  /** Path in the model: `0/kernel`. */
  path: string;
  /** Index of its tensor. */
  value: number;
  /** True for a state, which is saved and not trained. */
  state: boolean;
  /** True for a parameter that is not frozen. */
  trainable: boolean;
}

/** Constant in a model's graph: a tensor that is neither an input, nor a weight, nor computed by an op. */
export interface ModelGraphConstant {
  /** Path of the field that stores it: `fixed`, `0/scale`; null for one that a `forward` creates from data. */
  path: string | null;
  /** Index of its tensor. */
  value: number;
}

/** Graph of a model as plain data, which `recordGraph` returns. */
export interface ModelGraph {
  /** All tensors: ops, inputs, outputs, weights and constants refer to them by index. */
  values: ModelGraphValue[];
  /** Indices of the inputs. */
  inputs: number[];
  /** Indices of the results, in the order in which they occur in what `forward` returns. */
  outputs: number[];
  /** Parameters and states that the graph reads, in the order of `weights`. */
  weights: ModelGraphWeight[];
  /** Constants that the graph reads, in order of first use. */
  constants: ModelGraphConstant[];
  /** Calls of ops, each after those whose results it reads. */
  ops: ModelGraphOp[];
  /** Sums over all ops. */
  totals: {
    /** Multiply-adds of all ops. */
    multiplyAdds: number;
    /** Bytes that all ops read and write. */
    bytes: number;
  };
}

/**
 * Returns the graph of a model's `forward` for inputs of a shape, as plain data: for exporters, costs and pictures.
 *
 * It computes nothing, draws no random number and leaves the model as it was: an unbuilt model stays unbuilt. The graph
 * is that of a call outside training. It contains ops as they are called, before a plan fuses them, and only those that
 * a result depends on. A dense layer on `[batch, n]` has $\mathrm{batch} \cdot n \cdot \mathrm{units}$ multiply-adds in
 * its matmul. The data is JSON.
 * @param net the model; any block
 * @param inputShape shape of the input, usually `[null, ...]`; a list of shapes for several inputs. A null counts as 1,
 *   so that costs are those of one example. Inputs are float32
 * @returns the graph
 * @throws ShapeError for a shape that does not fit; ArgumentError for anything but a block, and if `forward` reads
 *   values or returns a promise
 * @example
 * const graph = recordGraph(sequential([flatten(), dense(10)]), [null, 28, 28]);
 * graph.ops.map(({ name, block }) => [name, block]); // => [["reshape", "0"], ["matmul", "1"], ["add", "1"]]
 * graph.weights.map(({ path, value }) => [path, graph.values[value].shape]); // => [["1/kernel", [784, 10]], ["1/bias", [10]]]
 * graph.totals; // => {"multiplyAdds": 7850, "bytes": 34656}
 */
export function recordGraph(net: Block, inputShape: PartialShape | readonly PartialShape[]): ModelGraph {
  if (typeof net?.forward !== "function" || typeof net.call !== "function") {
    throw new ArgumentError({ at: "recordGraph()", expected: "a block", got: String(net) });
  }
  const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as PartialShape[];
  return stream.rehearse(() => outsideScopes(() => record(net, shapes)));
}

function record(net: Block, shapes: readonly PartialShape[]): ModelGraph {
  const scope = openScope("recordGraph()", { recording: true, training: false });
  scope.onUnrecorded = (what) => {
    throw unrecordable(`one that ${what}`);
  };
  scope.beforeRead = () => scope.onUnrecorded!("reads values");
  const restore = setAside(net);
  try {
    return withDevice(net.weights[0]?.device ?? defaultDevice(), () => {
      const inputs = shapes.map((shape) => zeros(shape.map((length) => length ?? 1)));
      return trace(net, inputs, scope);
    });
  } finally {
    rollBackEffects(scope);
    restore();
    closeScope(scope);
  }
}

function unrecordable(got: string): ArgumentError {
  return new ArgumentError({
    at: "recordGraph()",
    expected: "a forward that follows from shapes alone",
    got,
    remedy: "Record the blocks inside it one by one.",
  });
}

/** Stores what a recording may change in the blocks of a model. Returns a function that puts it back. */
function setAside(net: Block): () => void {
  const restores = walkBlocks(net).entries.map(({ block }) => {
    const pending = block.pending.splice(0);
    const fields = Object.entries(block);
    return () => {
      block.pending.splice(0, Infinity, ...pending);
      const before = new Map(fields);
      for (const field of Object.keys(block)) if (!before.has(field)) delete block[field];
      for (const [field, value] of fields) if (block[field] !== value) block[field] = value;
    };
  });
  return () => restores.forEach((restore) => restore());
}

/** A recorded tensor that stands for a weight of an unbuilt block, so that none is drawn. */
function placeholder(shape: Shape, dtype: DType): Tensor {
  const scope = openScope("recordGraph()", { recording: true });
  try {
    return zeros(shape, { dtype });
  } finally {
    suspendScope(scope);
  }
}

/**
 * Calls the block and describes the graph inside the call, which then fails on purpose: a failed call unbuilds what it
 * built, and stores no shapes.
 */
function trace(net: Block, inputs: readonly Tensor[], scope: Scope): ModelGraph {
  const end = new Error("recorded");
  let graph: ModelGraph | undefined;
  // A key of the source keeps the block from taking one from the stream.
  net.pending.push({
    sourceOf: (_, { shape, dtype }) => ({
      initializer: glorotUniform(),
      key: [0, 0],
      value: placeholder(shape, dtype),
    }),
  });
  const { forward } = net;
  const forwardThenEnd = (...given: unknown[]) => {
    const result: unknown = forward.apply(net, given);
    if (result instanceof Promise) {
      result.catch(() => {});
      throw unrecordable("one that returns a promise");
    }
    rollBackEffects(scope);
    graph = new GraphWriter(net, inputs).write(tensorsIn(result) as Tensor[]);
    throw end;
  };
  Object.defineProperty(net, "forward", { value: forwardThenEnd, enumerable: false, configurable: true });
  try {
    net.call(...inputs);
  } catch (error) {
    if (error !== end) throw error;
  } finally {
    delete (net as { forward?: unknown }).forward;
  }
  return graph!;
}

/** Describes a recorded graph. */
class GraphWriter {
  private readonly graph: ModelGraph = {
    values: [],
    inputs: [],
    outputs: [],
    weights: [],
    constants: [],
    ops: [],
    totals: { multiplyAdds: 0, bytes: 0 },
  };
  private readonly numbers = new Map<Tensor, number>();
  private readonly paths: Map<unknown, string>;
  private readonly constants: Map<Tensor, string>;
  private readonly weights: Map<Tensor, Omit<ModelGraphWeight, "value">>;

  constructor(net: Block, inputs: readonly Tensor[]) {
    const tree = walkBlocks(net);
    this.paths = new Map(tree.entries.map(({ block, path }) => [block, path]));
    this.constants = new Map(
      tree.entries.flatMap(({ block, path }) =>
        constantsOf(block).map(([segment, tensor]): [Tensor, string] => [tensor, joinPath(path, segment)]),
      ),
    );
    this.weights = new Map(
      walkWeights(net, tree).map(({ path, parameter }) => [
        parameter.asTensor(),
        { path, state: parameter.state, trainable: parameter.trainable },
      ]),
    );
    this.graph.inputs = inputs.map((input) => this.add(input));
  }

  write(outputs: readonly Tensor[]): ModelGraph {
    const { graph } = this;
    for (const tensor of recordedInOrder(outputs))
      if (!this.numbers.has(tensor) && !this.weights.has(tensor)) this.addOp(tensor);
    graph.outputs = outputs.map((output) => this.numberOf(output));
    const places = [...this.weights.values()].map(({ path }) => path);
    graph.weights.sort((a, b) => places.indexOf(a.path) - places.indexOf(b.path));
    return graph;
  }

  private add(tensor: Tensor): number {
    const number = this.graph.values.push({ shape: [...tensor.shape], dtype: tensor.dtype }) - 1;
    this.numbers.set(tensor, number);
    return number;
  }

  /** Returns the index of a tensor, and lists it first if it is a weight or a constant that was not used before. */
  private numberOf(tensor: Tensor): number {
    const known = this.numbers.get(tensor);
    if (known !== undefined) return known;
    const value = this.add(tensor);
    const weight = this.weights.get(tensor);
    if (weight) this.graph.weights.push({ ...weight, value });
    else this.graph.constants.push({ path: this.constants.get(tensor) ?? null, value });
    return value;
  }

  private addOp(tensor: Tensor): void {
    const { op, inputs, attributes, origin } = tensor.node as Node<Op>;
    const { multiplyAdds, bytes } = op.cost(inputs, tensor, attributes);
    const from = inputs.map((input) => this.numberOf(input));
    this.graph.totals.multiplyAdds += multiplyAdds;
    this.graph.totals.bytes += bytes;
    this.graph.ops.push({
      name: op.name,
      attributes: plainData(attributes ?? {}) as ModelGraphOp["attributes"],
      inputs: from,
      output: this.add(tensor),
      block: this.paths.get(origin?.owner) ?? null,
      multiplyAdds,
      bytes,
    });
  }
}

/** Copies attributes as JSON. Numbers that JSON lacks become strings, and undefined fields are omitted. */
function plainData(value: unknown): Json {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value as Json;
  if (Array.isArray(value)) return value.map(plainData);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, plainData(field)]));
}
