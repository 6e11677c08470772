/** Emits code for a program's values in four lanes: loaded from memory, or computed where they are used. */
import { bytesPerElement } from "../../../../base/dtype";
import { accessOf } from "../../../loops/access";
import type { ElementStatement, NumberSource, ConcatOperands, Program, Take, ValueId } from "../../../program";
import { UnsupportedWgsl } from "../../../wgsl/wgslReader";
import { CodeBuilder } from "../assembler/codeBuilder";
import { bitsOf } from "../assembler/instructions";
import type { WasmNode, MemoryRead } from "../assembler/wasmGraph";
import { type Affine, LaneIndices, type LaneIndex } from "./laneIndex";
import type { ScalarType, Typed } from "./laneValues";
import { WgslLanes } from "./wgslLanes";

/** Byte addresses in the imported memory: of the program's memory, of each state, and of a step's numbers (words). */
export interface WasmAddresses {
  readonly memory: number;
  readonly variables: readonly number[];
  readonly numbers: number;
}

export interface WasmOptions {
  /** True if a relaxed multiply-add rounds once. */
  readonly fuses: boolean;
}

/** Emit context: the index that code is emitted for, and the values already computed for it. */
export interface LaneContext {
  readonly index: LaneIndex;
  readonly known: ReadonlyMap<ValueId, WasmNode>;
}

/** Interval of statements at which a result is computed eagerly, which bounds the depth of expressions. */
const materializeEvery = 16;

export class ProgramLanes {
  readonly builder = new CodeBuilder();
  readonly indices = new LaneIndices(this.builder.graph);
  private readonly wgsl: WgslLanes;

  constructor(
    readonly program: Program,
    private readonly addresses: WasmAddresses,
    private readonly options: WasmOptions,
  ) {
    this.wgsl = new WgslLanes(this.builder.graph, options);
  }

  /** Returns the number of nodes that some code adds to the graph. */
  costOf(write: (code: ProgramLanes) => void): number {
    const scratch = new ProgramLanes(this.program, this.addresses, this.options);
    write(scratch);
    return scratch.builder.graph.size;
  }

  /** Returns the type of a value in memory; a bool is stored as an i32 of 0 or 1. */
  typeOf(value: ValueId): "f32" | "i32" {
    return this.program.values[value]!.dtype === "float32" ? "f32" : "i32";
  }

  /** Computes statements in order and then stores the results that need it. */
  body(statements: readonly ElementStatement[], index: LaneIndex, known: Map<ValueId, WasmNode>): void {
    for (const [count, statement] of statements.entries()) {
      const node = this.call(statement, { index, known });
      known.set(statement.result, node);
      if (count % materializeEvery === materializeEvery - 1) this.builder.materialize(node);
    }
    for (const { result } of statements) this.storeIfStored(result, index, known.get(result)!);
  }

  storeIfStored(value: ValueId, index: LaneIndex, node: WasmNode): void {
    if (this.program.values[value]!.stored) this.store(value, index, node);
  }

  /** Returns a value at an index. */
  valueAt(value: ValueId, context: LaneContext): WasmNode {
    const known = context.known.get(value);
    if (known) return known;
    const stored = this.program.values[value]!.location;
    return stored.kind === "inline" ? this.call(stored.statement, context) : this.load(value, context.index);
  }

  /** Calls a statement's function on its operands at an index. */
  call(statement: ElementStatement, context: LaneContext): WasmNode {
    const { element, scalars, words } = statement;
    const args = this.operandsAt(statement, context);
    const first = args[0]?.type;
    if (element.indexed) args.unshift({ type: "u32", node: this.indices.vectorOf(context.index) });
    args.push(...scalars.slice(0, element.scalars ?? 0).map((source) => this.number(source, "f32")));
    args.push(...words.slice(0, element.words ?? 0).map((source) => this.number(source, "u32")));
    return this.wgsl.element(element.wgsl, args, { T: this.typeOf(statement.result), S: first });
  }

  private operandsAt({ reads, take, concat, shape }: ElementStatement, context: LaneContext): Typed[] {
    if (take) return [this.gather(take, context)];
    if (concat) return [this.concat(concat, context)];
    return reads.map((read) => {
      const index =
        accessOf(read, shape, 1) === "same" ? context.index : this.indices.along(read, shape, context.index);
      return { type: this.typeOf(read.value), node: this.valueAt(read.value, { ...context, index }) };
    });
  }

  /** Calls a function of `shaders/functions/` on two values of one type. */
  fold(name: string, type: "f32" | "i32", a: WasmNode, b: WasmNode): WasmNode {
    const given = [a, b].map((node) => ({ type, node }));
    return this.wgsl.values.as(type, this.wgsl.call(name, given, { T: type }));
  }

  /** Loads a value. @param level keeps the load inside this number of loops */
  load(value: ValueId, index: LaneIndex, level?: number): WasmNode {
    const { graph } = this.builder;
    const at = (one: Affine) => this.readAt(value, one, level);
    if (index.length === 1) {
      const { perLane } = index[0];
      if (perLane === 0) return graph.load("v128.load32_splat", at(index[0]));
      if (perLane === 1) return graph.load("v128.load", at(index[0]));
    }
    const [first, ...others] = [0, 1, 2, 3].map((lane) => at(this.indices.laneOf(index, lane)));
    const isFirst = ({ address, offset }: MemoryRead) => address === first!.address && offset === first!.offset;
    return others.reduce(
      (vector, read, k) => (isFirst(read) ? vector : graph.loadLane(vector, k + 1, read)),
      graph.load("v128.load32_splat", first!),
    );
  }

  /** Stores the active lanes, or a single element if all lanes have the same index. */
  store(value: ValueId, index: LaneIndex, node: WasmNode): void {
    const { lanes } = this.indices;
    const target = this.sourceOf(value);
    const write = (
      instruction: "v128.store" | "v128.store32_lane" | "v128.store64_lane",
      lane: number,
      part: number,
    ) => {
      const { address, offset } = this.readAt(value, this.indices.laneOf(index, lane));
      this.builder.store({ instruction, address, offset, part, value: node, target });
    };
    const perLane = index.length === 1 ? index[0].perLane : undefined;
    if (perLane === 0) write("v128.store32_lane", 0, 0);
    else if (perLane === 1 && lanes === 4) write("v128.store", 0, 0);
    else if (perLane === 1 && lanes > 1) {
      write("v128.store64_lane", 0, 0);
      if (lanes === 3) write("v128.store32_lane", 2, 2);
    } else for (let lane = 0; lane < lanes; lane++) write("v128.store32_lane", lane, lane);
  }

  private gather({ table, order, inner, start }: Take, context: LaneContext): Typed {
    const { indices, builder } = this;
    const { graph } = builder;
    const rows = this.program.values[table]!.size / inner;
    const first = graph.extract(this.number(start, "u32").node, 0);
    const at = indices.add(indices.count(first, 2 ** 31), indices.divide(context.index, inner));
    const row = this.valueAt(order, { ...context, index: at });
    // Clamped to the table, whatever the order contains: a read outside the memory would trap.
    const held = graph.op("i32x4.min_u", row, graph.constant(Math.max(0, rows - 1)));
    const lanes = at.length === 1 && at[0].perLane === 0 ? [0] : [0, 1, 2, 3];
    const counts = lanes.map((lane) => {
      const used = lane < indices.lanes ? lane : 0;
      return indices.count(graph.extract(held, used), rows - 1)[0];
    });
    const begins = indices.times(counts as unknown as LaneIndex, inner);
    const index = indices.add(begins, indices.remainder(context.index, inner));
    return { type: this.typeOf(table), node: this.valueAt(table, { ...context, index }) };
  }

  /**
   * Returns, for each lane, the value of the part that contains its index: directly if all lanes share one part,
   * otherwise by selection among all parts.
   */
  private concat({ length, list }: ConcatOperands, context: LaneContext): Typed {
    const { indices } = this;
    const column = indices.remainder(context.index, length);
    const row = indices.divide(context.index, length);
    const parts = list.map(({ value, end }, k) => ({ value, begin: list[k - 1]?.end ?? 0, end }));
    const [least, most] = indices.range(column);
    const only = parts.find(({ begin, end }) => begin <= least && most < end);
    const type = this.typeOf(list[0]!.value);
    const at = (value: ValueId, begin: number, end: number, within: LaneIndex) =>
      this.valueAt(value, { ...context, index: indices.add(indices.times(row, end - begin), within) });
    if (only) {
      const within = indices.add(column, indices.constant(-only.begin));
      return { type, node: at(only.value, only.begin, only.end, within) };
    }
    const columns = indices.vectorOf(column);
    const { graph } = this.builder;
    const node = parts
      .map(({ value, begin, end }) => at(value, begin, end, this.clampColumns(columns, begin, end)))
      .reduce((chosen, next, k) => {
        const isNext = graph.op("i32x4.ge_s", columns, graph.constant(parts[k]!.begin));
        return graph.select(next, chosen, isNext);
      });
    return { type, node };
  }

  /** Returns columns as indices within a part; columns of other parts are clamped to its last index. */
  private clampColumns(columns: WasmNode, begin: number, end: number): LaneIndex {
    const { indices } = this;
    const { graph } = this.builder;
    // As an unsigned number, a column before the part is very large.
    const moved = graph.op("i32x4.sub", columns, graph.constant(begin));
    const held = graph.op("i32x4.min_u", moved, graph.constant(end - begin - 1));
    const count = (lane: number) =>
      indices.count(graph.extract(held, lane < indices.lanes ? lane : 0), end - begin - 1);
    return [0, 1, 2, 3].map((lane) => count(lane)[0]) as unknown as LaneIndex;
  }

  private number(source: NumberSource, type: ScalarType): Typed {
    const { graph } = this.builder;
    if ("fixed" in source) return { type, node: graph.constant(type === "f32" ? bitsOf(source.fixed) : source.fixed) };
    const offset = this.addresses.numbers + source.input * bytesPerElement;
    return { type, node: graph.load("v128.load32_splat", { address: graph.whole(0), offset }) };
  }

  private sourceOf(value: ValueId): string {
    const { location } = this.program.values[value]!;
    if (location.kind === "inline") throw new UnsupportedWgsl("a value without memory");
    return location.kind === "variable" ? `variable ${location.index}` : `memory ${location.offset}`;
  }

  private readAt(value: ValueId, index: Affine, level?: number): MemoryRead {
    const { location } = this.program.values[value]!;
    if (location.kind === "inline") throw new UnsupportedWgsl("a value without memory");
    const base =
      location.kind === "variable"
        ? this.addresses.variables[location.index]!
        : this.addresses.memory + location.offset * bytesPerElement;
    return {
      address: this.indices.nodeOf(index, bytesPerElement),
      offset: base + index.constant * bytesPerElement,
      source: this.sourceOf(value),
      level,
    };
  }
}
