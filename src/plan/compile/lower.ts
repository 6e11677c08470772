/** Lowers a recorded graph to statements: the dispatches of every op, on values that have no memory yet. */
import type { DType } from "../../base/dtype";
import { sizeOf, type Shape } from "../../base/shape";
import type { Shader } from "../../device/backend";
import type { ElementFunction, Form } from "../../device/form";
import type { ElementStatement, NumberSource, Statement, ValueId, ValueOrigin } from "../../device/program";
import { type Op, pendingInOrder } from "../../tensor/graph";
import { ownerOf, type Parameter } from "../../tensor/parameter";
import { type Node, Tensor } from "../../tensor/tensor";
import type { Owner } from "../../tensor/workOrigin";
import { concatInGroups, type ConcatRows, concatRowsOf } from "./concatRows";

/** A value that has no place yet. */
export interface LoweredValue {
  readonly size: number;
  readonly dtype: DType;
  readonly origin?: ValueOrigin | undefined;
}

export interface LoweredGraph {
  readonly values: readonly LoweredValue[];
  /** Each after those whose results it reads. */
  readonly statements: readonly Statement[];
  /** Tensors that existed before, in order of first use. */
  readonly inputs: readonly { value: ValueId; tensor: Tensor }[];
  readonly variables: readonly { value: ValueId; parameter: Parameter }[];
  readonly numbers: number;
}

interface LoweredDispatch {
  shader: Shader;
  inputs: readonly Tensor[];
  result: Tensor;
  uniforms: unknown;
  workgroups: number;
}

/** Node of an op's scratch tensor. Such a tensor is never computed by itself. */
const noNode: Node = { op: undefined, inputs: [], attributes: undefined, compute: () => undefined };

/** Returns the dispatches that an op would run. */
function dispatchesOf(tensor: Tensor): LoweredDispatch[] {
  const { op, inputs, attributes } = tensor.node as Node<Op>;
  const list: LoweredDispatch[] = [];
  op.run!({
    inputs,
    result: tensor,
    attributes,
    joined: true,
    run(shader, from, to, uniforms, workgroups) {
      if (to.size > 0) list.push({ shader: shader, inputs: from, result: to, uniforms, workgroups });
    },
    scratch: (shape: Shape, dtype: DType) => Tensor.recorded(shape, dtype, tensor.device, noNode, op.name),
  });
  return list;
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** Returns the bits of a float32. */
export function float32Bits(number: number): number {
  float[0] = number;
  return floatBits[0]!;
}

/**
 * Returns the numbers of a dispatch that may change between runs of one program: a constant of the closure, a
 * random key, an offset.
 */
function volatileNumbers(form: Form | undefined): number[] {
  if (form?.kind === "take") return [form.start];
  if (form?.kind !== "elements") return [];
  return [...form.scalars.map(float32Bits), ...form.words];
}

/** Returns the recorded tensors whose ops pass numbers at each run. */
export function volatileTensors(order: readonly Tensor[]): Tensor[] {
  return order.filter((tensor) => (tensor.node as Node<Op>).op.volatile);
}

/** Returns the numbers that such a tensor passes at each run, in the order in which `Lowering` numbers them. */
export function volatileNumbersOf(tensor: Tensor): number[] {
  return dispatchesOf(tensor).flatMap(({ shader, uniforms }) => volatileNumbers(shader.form?.(uniforms)));
}

/** The identity. */
const copyElement: ElementFunction = {
  wgsl: "fn value(x: T) -> T {\n  return x;\n}",
  inputs: 1,
  reference: (x) => x,
};

/** Returns a statement that copies one value to another. */
export function copyStatement(value: ValueId, result: ValueId, size: number): ElementStatement {
  const read = { value, strides: [1], offset: 0 };
  return { kind: "elements", result, element: copyElement, shape: [size], reads: [read], scalars: [], words: [] };
}

/** Lowers graphs, one after another, to one list of statements. */
export class Lowering implements LoweredGraph {
  readonly values: LoweredValue[] = [];
  readonly statements: Statement[] = [];
  readonly inputs: { value: ValueId; tensor: Tensor }[] = [];
  readonly variables: { value: ValueId; parameter: Parameter }[] = [];
  numbers = 0;
  private readonly ids = new Map<Tensor, ValueId>();
  private readonly owners = new Map<Owner, WeakRef<Owner>>();
  /** The recorded tensor that is being lowered. Tensors that it expands to are attributed to it. */
  private lowered: Tensor | undefined;

  /** Returns the value of a tensor that was lowered, or of one that existed before. */
  valueOf(tensor: Tensor): ValueId {
    return this.ids.get(tensor) ?? this.addLeaf(tensor);
  }

  /** Returns the value of a parameter at the start of the program. */
  addVariable(parameter: Parameter): ValueId {
    const known = this.variables.find((variable) => variable.parameter === parameter);
    if (known) return known.value;
    const value = this.addValue(parameter, undefined);
    this.variables.push({ value, parameter });
    return value;
  }

  /** Adds a tensor of one number that each run passes. */
  addNumber(tensor: Tensor): void {
    this.lowerOne(tensor, true);
  }

  /**
   * Lowers recorded tensors.
   * @param fresh true if the closure itself recorded them, so that their numbers may change from run to run
   */
  lower(order: readonly Tensor[], fresh: boolean): void {
    for (const tensor of order) {
      if (!this.ids.has(tensor)) this.lowerOne(tensor, fresh && Boolean((tensor.node as Node<Op>).op.volatile));
    }
  }

  private lowerOne(tensor: Tensor, bringsNumbers: boolean): void {
    const outer = this.lowered;
    this.lowered ??= tensor;
    this.lowerNode(tensor, bringsNumbers);
    this.lowered = outer;
  }

  private lowerNode(tensor: Tensor, bringsNumbers: boolean): void {
    const { op, inputs, attributes } = tensor.node as Node<Op>;
    if (op.expand) {
      const expanded = op.expand(inputs, attributes);
      this.lower(pendingInOrder([expanded]), false);
      this.ids.set(tensor, this.valueOf(expanded));
      return;
    }
    if (!op.run) {
      this.ids.set(tensor, this.valueOf(inputs[0]!));
      return;
    }
    const dispatches = dispatchesOf(tensor);
    const rows = concatRowsOf(dispatches);
    if (rows) this.ids.set(tensor, this.addRows(tensor, rows));
    else for (const dispatched of dispatches) this.addStatement(dispatched, bringsNumbers);
    if (!this.ids.has(tensor)) this.ids.set(tensor, this.addValue(tensor, this.originOf(tensor.shape)));
  }

  private addStatement(
    { shader, inputs, result, uniforms, workgroups }: LoweredDispatch,
    bringsNumbers: boolean,
  ): void {
    const read = inputs.map((input) => this.valueOf(input));
    const form = shader.form?.(uniforms);
    const written = this.ids.has(result);
    const id = written ? this.ids.get(result)! : this.addValue(result, this.originOf(result.shape));
    this.ids.set(result, id);
    if (form?.kind === "elements" && !written) {
      const { element, shape, strides, offsets, scalars, words } = form;
      this.statements.push({
        kind: "elements",
        result: id,
        element,
        shape,
        reads: read.map((value, k) => ({ value, strides: strides[k]!, offset: offsets[k] ?? 0 })),
        scalars: scalars.map((number) => this.source(number, bringsNumbers)),
        words: words.map((number) => this.source(number, bringsNumbers)),
      });
    } else if (form?.kind === "take") {
      const [table, order] = read as [ValueId, ValueId];
      const take = { table, order, inner: form.inner, start: this.source(form.start, bringsNumbers) };
      const shape = [this.values[id]!.size];
      this.statements.push({
        kind: "elements",
        result: id,
        element: copyElement,
        shape,
        reads: [],
        take,
        scalars: [],
        words: [],
      });
    } else if (form?.kind === "fold") {
      this.statements.push({ kind: "fold", result: id, operand: read[0]!, loop: form });
    } else if (form?.kind === "product" && result.dtype === "float32") {
      this.statements.push({ kind: "product", result: id, a: read[0]!, b: read[1]!, loop: form, shader, uniforms });
    } else {
      const distinct = read.map((value, k) => (read.indexOf(value) === k ? value : this.copyOf(value)));
      this.statements.push({ kind: "shader", result: id, shader, inputs: distinct, uniforms, workgroups });
    }
  }

  /** Adds a value that is composed of others, a limited number at a time. */
  private addRows(tensor: Tensor, { length, parts }: ConcatRows): ValueId {
    const origin = this.originOf(tensor.shape);
    const rows = tensor.size / length;
    const add = (width: number) => this.values.push({ size: rows * width, dtype: tensor.dtype, origin }) - 1;
    const push = (result: ValueId, read: Partial<ElementStatement>) => {
      const shape = [this.values[result]!.size];
      const element = copyElement;
      this.statements.push({ kind: "elements", result, element, shape, reads: [], scalars: [], words: [], ...read });
      return result;
    };
    const list = parts.map(({ from, begin, end }) => {
      if (from instanceof Tensor) return { value: this.valueOf(from), end };
      const [scalars, words] = [from.scalars, from.words].map((all) => all.map((fixed) => ({ fixed })));
      return { value: push(add(end - begin), { element: from.element, scalars: scalars!, words: words! }), end };
    });
    return concatInGroups(length, list, (joined) => push(add(joined.length), { concat: joined }));
  }

  /** Adds a copy of a value, because one buffer may not be bound twice to a shader. */
  private copyOf(value: ValueId): ValueId {
    const original = this.values[value]!;
    const result = this.values.push(original) - 1;
    this.statements.push(copyStatement(value, result, original.size));
    return result;
  }

  private source(number: number, brought: boolean): NumberSource {
    return brought ? { input: this.numbers++ } : { fixed: number };
  }

  private addLeaf(tensor: Tensor): ValueId {
    const parameter = ownerOf(tensor);
    if (parameter && parameter.asTensor() === tensor) {
      const value = this.addVariable(parameter);
      this.ids.set(tensor, value);
      return value;
    }
    const value = this.addValue(tensor, undefined);
    this.ids.set(tensor, value);
    this.inputs.push({ value, tensor });
    return value;
  }

  private addValue({ shape, dtype }: { shape: Shape; dtype: DType }, origin: ValueOrigin | undefined): ValueId {
    return this.values.push({ size: sizeOf(shape), dtype, origin }) - 1;
  }

  private originOf(shape: Shape): ValueOrigin | undefined {
    const node = this.lowered?.node as Node<Op> | undefined;
    if (!node) return undefined;
    const { owner, phase } = node.origin ?? {};
    if (owner && !this.owners.has(owner)) this.owners.set(owner, new WeakRef(owner));
    return { op: node.op.name, shape, phase, owner: owner && this.owners.get(owner) };
  }
}
