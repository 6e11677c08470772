/**
 * Emitter of WGSL for a program's loops. Memory is an array of u32 words that contain the bits of floats and integers.
 */
import type { DType } from "../../../base/dtype";
import type { Emitter } from "../../loops/loopCode";
import type { ElementStatement, NumberSource, Program, ValueId } from "../../program";
import { type Addressing, literals } from "./addressing";
import type { FunctionLibrary, StoredType } from "./functionLibrary";

/** Location of a variable: index of the bound buffer, and the first element in it. */
export interface VariablePlace {
  readonly buffer: number;
  readonly offset: number;
}

/** A bool is stored as 0 or 1, because WGSL has no host-shareable bool. */
export function storedType(dtype: DType): StoredType {
  return dtype === "float32" ? "f32" : "i32";
}

/** Emits a float32 literal that WGSL parses to the same bits. */
export function floatLiteral(value: number): string {
  if (Number.isNaN(value)) return "quiet_nan(0f)";
  if (!Number.isFinite(value)) return `infinity(${value > 0 ? "1f" : "-1f"})`;
  return Object.is(value, -0) ? "-0f" : `${Math.fround(value)}f`;
}

/** Matches the read of a number of the run. */
const numberRead = /numbers\[first \+ (\d+u|\w+\[\d+\]\.[xyzw])\]/g;

/** Moves reads of the run's numbers in front of the lines, so that a loop among them does not repeat the reads. */
export function readNumbersOnce(lines: readonly string[]): string[] {
  const names = new Map<string, string>();
  const body = lines.map((line) =>
    line.replace(numberRead, (_, place: string) => {
      const name = names.get(place) ?? `number${names.size}`;
      names.set(place, name);
      return name;
    }),
  );
  return [...[...names].map(([place, name]) => `let ${name} = numbers[first + ${place}];`), ...body];
}

export class Wgsl implements Emitter {
  private readonly elementNames = new Map<string, string>();
  private readonly elementTexts: string[] = [];

  constructor(
    private readonly program: Program,
    private readonly variables: readonly VariablePlace[],
    readonly library: FunctionLibrary,
    private readonly addressing: Addressing = literals,
  ) {
    // Constants may be emitted as calls of these functions.
    library.use("infinity( quiet_nan(", "f32");
  }

  /** The element functions of everything emitted so far. */
  get text(): string {
    return this.elementTexts.join("\n");
  }

  whole(n: number): string {
    return `${n}u`;
  }

  layoutNumber(n: number): string {
    return this.addressing.number(n);
  }

  divide(index: string, by: number): string {
    return `(${index}) / ${by}u`;
  }

  asIndex(whole: string): string {
    return `u32(${whole})`;
  }

  number(source: NumberSource, type: "scalar" | "word"): string {
    if ("input" in source) {
      const word = `numbers[first + ${this.addressing.number(source.input, `number ${source.input}`)}]`;
      return type === "word" ? word : `bitcast<f32>(${word})`;
    }
    return type === "word" ? `${source.fixed >>> 0}u` : floatLiteral(source.fixed);
  }

  define(name: string, dtype: DType, expression: string): string {
    return `let ${name}: ${storedType(dtype)} = ${expression};`;
  }

  call({ element }: ElementStatement, inputs: readonly DType[], result: DType, args: readonly string[]): string {
    const text = inputs[0] ? element.wgsl.replace(/\bS\b/g, storedType(inputs[0])) : element.wgsl;
    return `${this.nameOf(text, storedType(result))}(${args.join(", ")})`;
  }

  load(value: ValueId, index: string): string {
    const word = this.wordAt(value, index);
    return `bitcast<${storedType(this.program.values[value]!.dtype)}>(${word})`;
  }

  store(value: ValueId, index: string, expression: string): string {
    return `${this.wordAt(value, index)} = bitcast<u32>(${expression});`;
  }

  helper(name: string, dtype: DType, lines: readonly string[], value: string): string {
    return `fn ${name}(i: u32) -> ${storedType(dtype)} {\n  ${[...lines, `return ${value};`].join("\n  ")}\n}\n`;
  }

  private wordAt(value: ValueId, index: string): string {
    const { location } = this.program.values[value]!;
    if (location.kind === "inline") throw new Error("internal: a value without memory");
    if (location.kind === "memory") return `memory[${this.from(location.offset, value, index)}]`;
    const { buffer, offset } = this.variables[location.index]!;
    return `variable${buffer}[${this.from(offset, value, index)}]`;
  }

  /** Emits an index into a value that starts at an offset. */
  private from(offset: number, value: ValueId, index: string): string {
    const start = this.addressing.number(offset, `value ${value}`);
    return start === "0u" ? index : `${start} + ${index}`;
  }

  private nameOf(text: string, type: StoredType): string {
    const key = `${type} ${text}`;
    let name = this.elementNames.get(key);
    if (!name) {
      name = `f${this.elementNames.size}`;
      this.elementNames.set(key, name);
      const used = this.library.use(text, type);
      this.elementTexts.push(`${used.replace(/\bvalue\(/g, `${name}(`).replace(/\bdrawn\(/g, `drawn_${name}(`)}\n`);
    }
    return name;
  }
}
