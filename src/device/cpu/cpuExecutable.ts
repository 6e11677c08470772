import type { Executable, Program, ProgramRun, ValueId } from "../program";
import type { ReferenceArray, Shader } from "../shader";
import { parameterNames, type ProgramParts, writeProgram } from "./programCode";

/** A slot of the CPU backend. */
export interface ArraySlot {
  readonly array: ReferenceArray;
}

type Arrays = readonly ReferenceArray[];
type RunOnce = (states: Arrays, inputs: Arrays) => void;
/** Runs a shader on arrays. */
export type RunShader = (shader: Shader, inputs: Arrays, result: ReferenceArray, uniforms: unknown) => void;
type Maker = (
  floats: ReferenceArray,
  wholes: Int32Array,
  numbers: Float32Array,
  words: Uint32Array,
  functions: ProgramParts["functions"],
  product: (index: number, states: Arrays, inputs: Arrays) => void,
  shader: (index: number, states: Arrays, inputs: Arrays) => void,
) => RunOnce;

/** False under a Content-Security-Policy without 'unsafe-eval'. */
export function canMakeFunctions(): boolean {
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- to see whether it may be done
    return new Function("return true")() as boolean;
  } catch {
    return false;
  }
}

/** A program compiled to JavaScript, with its memory. */
export class CpuExecutable implements Executable<ArraySlot> {
  private readonly floats: ReferenceArray;
  private readonly wholes: Int32Array;
  private readonly words: Uint32Array;
  private readonly runOnce: RunOnce;

  /** @param wide as the backend's: float32 values are held in float64 */
  constructor(
    private readonly program: Program,
    private readonly states: readonly ArraySlot[],
    wide: boolean,
    private readonly runShader: RunShader,
  ) {
    const { memorySize, numbers } = program;
    this.floats = wide ? new Float64Array(memorySize) : new Float32Array(memorySize);
    this.wholes = wide ? new Int32Array(memorySize) : new Int32Array(this.floats.buffer);
    this.words = new Uint32Array(numbers);
    const { text, parts } = writeProgram(program, wide);
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the loops of a program are known only when it is compiled
    const make = new Function(...parameterNames, text) as Maker;
    this.runOnce = make(
      this.floats,
      this.wholes,
      new Float32Array(this.words.buffer),
      this.words,
      parts.functions,
      (index, ...arrays) => {
        const { a, b, result, shader, uniforms } = parts.products[index]!.product;
        this.runOn(shader, [a, b], result, uniforms, arrays);
      },
      (index, ...arrays) => {
        const { shader, inputs, result, uniforms } = parts.shaders[index]!.statement;
        this.runOn(shader, inputs, result, uniforms, arrays);
      },
    );
  }

  run({ inputs, steps, numbers, outputs }: ProgramRun<ArraySlot>): void {
    const stateArrays = this.states.map(({ array }) => array);
    const inputArrays = inputs.map(({ array }) => array);
    const count = this.program.numbers;
    for (let step = 0; step < steps; step++) {
      this.words.set(numbers.subarray(step * count, (step + 1) * count));
      this.runOnce(stateArrays, inputArrays);
    }
    this.program.outputs.forEach((value, index) => {
      outputs[index]!.array.set(this.arrayOf(value, stateArrays, inputArrays));
    });
  }

  dispose(): void {
    // The memory goes with this object.
  }

  private arrayOf(value: ValueId, states: Arrays, inputs: Arrays): ReferenceArray {
    const { place, size, dtype } = this.program.values[value]!;
    const input = this.program.inputs.indexOf(value);
    if (input >= 0) return inputs[input]!;
    if (place.kind === "state") return states[place.index]!;
    if (place.kind === "inline") throw new Error("internal: a value without memory");
    return (dtype === "float32" ? this.floats : this.wholes).subarray(place.offset, place.offset + size);
  }

  private runOn(
    shader: Shader,
    read: readonly ValueId[],
    result: ValueId,
    uniforms: unknown,
    [states, inputs]: [Arrays, Arrays],
  ): void {
    const arrays = read.map((value) => this.arrayOf(value, states, inputs));
    this.runShader(shader, arrays, this.arrayOf(result, states, inputs), uniforms);
  }
}
