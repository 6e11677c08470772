/** The rows of a run, on its device. */
import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import { defaultDevice } from "../../device/open";
import type { Block } from "../../nn/block/block";
import { arange, tensor, type TensorData } from "../../tensor/creation";
import { type RowCursor, rowsAt } from "../../tensor/ops/rowsAt";
import type { Parameter } from "../../tensor/parameter";
import { Operand, type Tensor } from "../../tensor/tensor";
import { allocateStates, createState } from "./createState";

/**
 * Inputs of `fit`, `evaluate` and `predict`: a tensor or nested arrays `[rows, ...]`, or a list of tensors for a block
 * with several inputs.
 */
export type Inputs = Operand | TensorData | readonly Operand[];

/** The tensors of a batch. */
export interface Batch {
  inputs: Tensor[];
  yTrue: Tensor;
  sampleWeight: Tensor | undefined;
}

function isList(x: Inputs): x is readonly Operand[] {
  return Array.isArray(x) && x.length > 0 && x.every((item) => item instanceof Operand);
}

/** Returns the value as a tensor on the device; the same tensor if it is already there. */
export function toTensor(value: Operand | TensorData, device: string): Tensor {
  return value instanceof Operand ? value.asTensor().to(device) : tensor(value, { device });
}

export function toInputs(x: Inputs, device: string): Tensor[] {
  return isList(x) ? x.map((item) => toTensor(item, device)) : [toTensor(x, device)];
}

/** Returns the device of the first input if that is a tensor. */
function deviceOf(x: Inputs): string | undefined {
  const [first] = isList(x) ? x : [x];
  return first instanceof Operand ? first.device : undefined;
}

/** Inputs and true values with the same number of rows. */
export interface Rows {
  readonly inputs: readonly Tensor[];
  readonly yTrue: Tensor;
  readonly count: number;
}

/** Returns the device of the block's weights, or that of the inputs if it has none yet. */
export function deviceFor(net: Block, x: Inputs): string {
  return net.weights[0]?.device ?? deviceOf(x) ?? defaultDevice();
}

/**
 * Returns X and y as tensors on the device.
 * @throws ShapeError if they differ in the number of rows.
 */
export function rowsOf(at: string, x: Inputs, y: Operand | TensorData, device: string): Rows {
  const inputs = toInputs(x, device);
  const yTrue = toTensor(y, device);
  return { inputs, yTrue, count: countRows(at, [...namedInputs(inputs), ["y", yTrue]]) };
}

/** Names the inputs as errors do: `X`, or `X[0]` and `X[1]`. */
export function namedInputs<X>(inputs: readonly X[]): [name: string, input: X][] {
  return inputs.map((input, index) => [inputs.length === 1 ? "X" : `X[${index}]`, input]);
}

/**
 * Returns the number of rows.
 * @throws ShapeError if the tensors differ in it.
 */
export function countRows(at: string, named: readonly (readonly [name: string, tensor: Tensor])[]): number {
  const rows = named[0]![1].shape[0];
  for (const [name, { shape }] of named) {
    if (rows !== undefined && shape[0] === rows) continue;
    const expected = rows === undefined ? `${name} of at least one row` : `${name} of ${rows} rows, as many as X`;
    throw new ShapeError({ at, expected, got: formatShape(shape) });
  }
  if (rows === 0) throw new ArgumentError({ at, expected: "at least one row", got: "none" });
  return rows!;
}

/** Rows as states on the device, shared by all recorded steps. */
export class Tables {
  readonly inputs: readonly Parameter[];
  readonly yTrue: Parameter;
  readonly sampleWeight: Parameter | undefined;
  /** Row numbers in the order of the batches: int32 `[rows]`. */
  readonly order: Parameter;

  constructor({ inputs, yTrue, count }: Rows, sampleWeight?: Tensor) {
    // Views, so that disposing the states does not dispose the tensors that were passed in.
    const state = (name: string, values: Tensor) => createState(name, values.view(values.shape));
    this.inputs = inputs.map((input, index) => state(`x${index}`, input));
    this.yTrue = state("y", yTrue);
    this.order = createState("order", arange(count, { device: yTrue.device }));
    this.sampleWeight = sampleWeight && state("sampleWeight", sampleWeight);
    allocateStates(this.states, yTrue.device);
  }

  /** Returns `count` rows of the order, from `start` on. Called inside a recorded closure. */
  batchAt(start: RowCursor, count: number, order = this.order): Batch {
    const take = (table: Parameter) => rowsAt(table, order, start, count);
    return {
      inputs: this.inputs.map(take),
      yTrue: take(this.yTrue),
      sampleWeight: this.sampleWeight && take(this.sampleWeight),
    };
  }

  dispose(): void {
    for (const state of this.states) state.dispose();
  }

  private get states(): Parameter[] {
    return [...this.inputs, this.yTrue, this.order, ...(this.sampleWeight ? [this.sampleWeight] : [])];
  }
}
