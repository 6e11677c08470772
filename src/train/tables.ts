/** The rows that a run goes over, on its device. */
import { ArgumentError, ShapeError } from "../base/errors";
import { formatShape } from "../base/shape";
import { defaultDevice } from "../device/open";
import type { Block } from "../nn/block";
import { arange, tensor, type TensorData } from "../tensor/creation";
import type { Parameter } from "../tensor/parameter";
import { Operand, type Tensor } from "../tensor/tensor";
import { type Position, rowsAt } from "../tensor/ops/rowsAt";
import { settleTogether, stateOf } from "./states";

/** What `fit` takes as X: a tensor or nested arrays, or a list of tensors for a block of several inputs. */
export type Inputs = Operand | TensorData | readonly Operand[];

/** A batch's tensors. */
export interface Batch {
  inputs: Tensor[];
  yTrue: Tensor;
  sampleWeight: Tensor | undefined;
}

function isList(x: Inputs): x is readonly Operand[] {
  return Array.isArray(x) && x.length > 0 && x.every((item) => item instanceof Operand);
}

/** On the device; a tensor that is there already is itself. */
export function toTensor(value: Operand | TensorData, device: string): Tensor {
  return value instanceof Operand ? value.asTensor().to(device) : tensor(value, { device });
}

export function toInputs(x: Inputs, device: string): Tensor[] {
  return isList(x) ? x.map((item) => toTensor(item, device)) : [toTensor(x, device)];
}

/** Where the tensors among the inputs are. */
function deviceOf(x: Inputs): string | undefined {
  const [first] = isList(x) ? x : [x];
  return first instanceof Operand ? first.device : undefined;
}

/** What is gone over: tensors of as many rows each. */
export interface Rows {
  readonly inputs: readonly Tensor[];
  readonly yTrue: Tensor;
  readonly count: number;
}

/** Where a block is: on its weights' device, or on that of what it is to see first. */
export function deviceFor(net: Block, x: Inputs): string {
  return net.weights[0]?.device ?? deviceOf(x) ?? defaultDevice();
}

/** X and y as tensors on the device. @throws ShapeError where they differ in rows. */
export function rowsOf(at: string, x: Inputs, y: Operand | TensorData, device: string): Rows {
  const inputs = toInputs(x, device);
  const yTrue = toTensor(y, device);
  return { inputs, yTrue, count: countRows(at, [...namedInputs(inputs), ["y", yTrue]]) };
}

/** As errors name them: `X`, or `X[0]` and `X[1]`. */
export function namedInputs<X>(inputs: readonly X[]): [name: string, input: X][] {
  return inputs.map((input, index) => [inputs.length === 1 ? "X" : `X[${index}]`, input]);
}

/** The number of rows. @throws ShapeError where tensors differ in it. */
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

/** Rows as states on the device, so that all recorded steps share one copy of them. */
export class Tables {
  readonly inputs: readonly Parameter[];
  readonly yTrue: Parameter;
  readonly sampleWeight: Parameter | undefined;
  /** The rows' numbers in the order of the batches: int32. */
  readonly order: Parameter;

  constructor({ inputs, yTrue, count }: Rows, sampleWeight?: Tensor) {
    // Views, so that the states end without the tensors that they were given.
    const state = (name: string, values: Tensor) => stateOf(name, values.view(values.shape));
    this.inputs = inputs.map((input, index) => state(`x${index}`, input));
    this.yTrue = state("y", yTrue);
    this.order = stateOf("order", arange(count, { device: yTrue.device }));
    this.sampleWeight = sampleWeight && state("sampleWeight", sampleWeight);
    settleTogether(this.states, yTrue.device);
  }

  /** Inside a recorded closure: `count` rows of the order, from a place in it on. */
  batchAt(start: Position, count: number, order = this.order): Batch {
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
