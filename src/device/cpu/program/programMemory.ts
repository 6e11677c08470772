/** The arena of a compiled program, in the heap if there is one, and views of its values. */
import { bytesPerElement, type DType } from "../../../base/dtype";
import type { Job, Program, ValueId } from "../../program";
import type { ReferenceArray } from "../../shader";
import type { Heap } from "../heap";
import type { Precision } from "../cpuPrecision";
import { type CpuSlot, viewOf } from "../slots";

export type Arrays = readonly ReferenceArray[];

/** Views of all memory that a program reads and writes. They are valid until the heap grows. */
export interface Views {
  /** The program's memory as float32 elements; `wholes` are the same elements as int32. */
  readonly floats: ReferenceArray;
  readonly wholes: Int32Array;
  readonly variables: Arrays;
  /** The numbers of a step as floats; `words` are the same bits as unsigned integers. */
  readonly numbers: Float32Array;
  readonly words: Uint32Array;
  readonly inputs: Arrays;
  readonly outputs: Arrays;
  /** Operands of products and shaders by job, the result last; empty for loops. */
  readonly operands: readonly Arrays[];
}

type MemoryViews = Pick<Views, "floats" | "wholes" | "numbers" | "words">;

export class ProgramMemory {
  /** Address in the heap, where the numbers follow the memory; absent if there is no heap. */
  private readonly address?: number;
  private readonly ownMemory?: MemoryViews;
  private readonly jobs: readonly Job[];
  private views?: Views;

  /** Allocates the memory. @throws DeviceMemoryError naming `at`. */
  constructor(
    private readonly program: Program,
    private readonly variables: readonly CpuSlot[],
    private readonly heap: Heap | null,
    precision: Precision,
    at: string,
  ) {
    const { memorySize, numbers } = program;
    this.jobs = program.levels.flat();
    if (heap) {
      this.address = heap.alloc((memorySize + numbers) * bytesPerElement, at);
    } else {
      const wide = precision === "float64";
      const floats = wide ? new Float64Array(memorySize) : new Float32Array(memorySize);
      const words = new Uint32Array(numbers);
      this.ownMemory = {
        floats,
        wholes: wide ? new Int32Array(memorySize) : new Int32Array(floats.buffer),
        numbers: new Float32Array(words.buffer),
        words,
      };
    }
  }

  /** Returns views that are valid until the heap grows. */
  currentViews(): Views {
    const { views, heap } = this;
    if (views && (!heap || views.floats.buffer === heap.buffer)) return views;
    return (this.views = this.makeViews());
  }

  /** Returns a view of a value's elements. */
  viewOfValue(value: ValueId): ReferenceArray {
    const views = this.currentViews();
    return this.arrayOf(value, views, views.variables);
  }

  /** Returns a value's address in the heap; undefined if it is inline or in a separate array. */
  addressOf(value: ValueId): number | undefined {
    const { location } = this.program.values[value]!;
    if (location.kind === "variable") return this.variables[location.index]!.address;
    if (location.kind === "inline" || this.address === undefined) return undefined;
    return this.address + location.offset * bytesPerElement;
  }

  /** Returns the addresses of all memory in the heap; undefined if any of it is outside. */
  addresses(): { memory: number; variables: number[]; numbers: number } | undefined {
    const variables = this.variables.flatMap(({ address }) => address ?? []);
    if (this.address === undefined || variables.length < this.variables.length) return undefined;
    return { memory: this.address, variables, numbers: this.address + this.program.memorySize * bytesPerElement };
  }

  free(): void {
    if (this.heap) this.heap.free(this.address!);
  }

  private makeViews(): Views {
    const memory = this.ownMemory ?? this.heapViews(this.heap!);
    const variables = this.variables.map(({ array }) => array);
    const arrayOf = (value: ValueId) => this.arrayOf(value, memory, variables);
    return {
      ...memory,
      variables,
      inputs: this.program.inputs.map(arrayOf),
      outputs: this.program.outputs.map(arrayOf),
      operands: this.jobs.map((job) => operandsOf(job).map(arrayOf)),
    };
  }

  private heapViews(heap: Heap): MemoryViews {
    const { memorySize, numbers } = this.program;
    const behind = this.address! + memorySize * bytesPerElement;
    const view = (dtype: DType) => viewOf(heap, this.address!, memorySize, dtype);
    return {
      floats: view("float32"),
      wholes: view("int32") as Int32Array,
      numbers: new Float32Array(heap.buffer, behind, numbers),
      words: new Uint32Array(heap.buffer, behind, numbers),
    };
  }

  private arrayOf(value: ValueId, { floats, wholes }: MemoryViews, variables: Arrays): ReferenceArray {
    const { location, size, dtype } = this.program.values[value]!;
    if (location.kind === "variable") return variables[location.index]!;
    if (location.kind === "inline") throw new Error("internal: a value without memory");
    return (dtype === "float32" ? floats : wholes).subarray(location.offset, location.offset + size);
  }
}

/** Returns the operands of a job that is not a loop, the result last. */
function operandsOf(job: Job): readonly ValueId[] {
  if (job.kind === "product") return [job.product.a, job.product.b, job.product.result];
  return job.kind === "shader" ? [...job.statement.inputs, job.statement.result] : [];
}
