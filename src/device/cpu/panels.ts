/** The assembled matrix product, on a memory that it is given: see matmul/panels.wat. */
import { plainModule, relaxedModule } from "./matmulWasm";

/** Bytes from the scratch's address on in which the module works. */
export const workBytes = 0x13d000;

/** Most steps of a block: a panel of B of that depth takes a quarter of a first-level cache. */
const mostSteps = 256;
/** Up to so many rows B is read where it lies: packing it would take longer than it saves. */
const fewRows = 24;
/** Beyond this stride in bytes B's rows crowd out each other in the cache, and only one pass over them is cheap. */
const longStride = 2048;
const onePass = 6;

/** Operands by their addresses, strides in elements. */
export interface PlacedProduct {
  readonly a: number;
  readonly b: number;
  readonly result: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly aStrides: readonly [number, number];
  readonly bStrides: readonly [number, number];
  /** Elements from a row of the result to the next, `columns` by default. */
  readonly stride?: number;
  /** Whether the products are added to what is there. */
  readonly adds?: boolean;
}

/** Runs one prepared product. */
export type RunProduct = () => void;

type Multiply = (...numbers: number[]) => void;

/** Steps of blocks as equal as can be. */
export function depthStep(depth: number): number {
  return Math.ceil(depth / Math.ceil(depth / mostSteps));
}

function packs(rows: number, [step, column]: readonly [number, number]): boolean {
  return column !== 1 || rows > (step * 4 > longStride ? onePass : fewRows);
}

export class Panels {
  private readonly multiply: Multiply;

  /** @param scratch where `workBytes` of the memory are the module's alone */
  constructor(
    module: WebAssembly.Module,
    readonly memory: WebAssembly.Memory,
    scratch: number,
  ) {
    const env = { memory, scratch: new WebAssembly.Global({ value: "i32" }, scratch) };
    this.multiply = new WebAssembly.Instance(module, { env }).exports.multiply as Multiply;
  }

  /** `result = A B`, sizes at least 1. Sums are in float32, in an order that depends on the sizes alone. */
  prepare(product: PlacedProduct): RunProduct {
    const { a, b, result, rows, columns, depth, aStrides, bStrides, stride = columns, adds = false } = product;
    const { multiply } = this;
    const [aRow, aStep, bStep, bColumn, rowBytes] = [...aStrides, ...bStrides, stride].map((count) => count * 4);
    const [packed, added] = [packs(rows, bStrides), adds].map(Number);
    const steps = depthStep(depth);
    return () =>
      multiply(a, b, result, rows, columns, depth, aRow!, aStep!, bStep!, bColumn!, rowBytes!, steps, packed!, added!);
  }
}

/** What an engine can run of the modules. */
export interface PanelsModule {
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** Whether its multiply-adds round once. */
  readonly fuses: boolean;
}

/**
 * True where a multiply-add rounds once. Where the processor has none, the engine makes it of two instructions, and the
 * tile that counts on it does not fit the registers. (1 + e)^2 - round((1 + e)^2) is e^2 if nothing was rounded between.
 */
function roundsOnce(module: WebAssembly.Module): boolean {
  const x = 1 + 2 ** -12;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(workBytes / 0x10000) + 1 });
  const values = new Float32Array(memory.buffer, workBytes + 64, 6);
  values.set([-Math.fround(x * x), x, 1, x]);
  const [a, b, result] = [0, 8, 16].map((offset) => values.byteOffset + offset);
  const one = { rows: 1, columns: 1, depth: 2, aStrides: [2, 1], bStrides: [1, 1] } as const;
  new Panels(module, memory, 64).prepare({ a: a!, b: b!, result: result!, ...one })();
  return values[4] === 2 ** -24;
}

/** The module, or undefined where the engine cannot run it or a page's policy forbids to compile it. */
export function openModule(base64: string, needsFusing: boolean): PanelsModule | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    if (!WebAssembly.validate(bytes)) return undefined;
    const module = new WebAssembly.Module(bytes);
    const fuses = roundsOnce(module);
    if (needsFusing && !fuses) return undefined;
    return { name: `WebAssembly ${base64 === relaxedModule ? "relaxed " : ""}SIMD`, module, fuses };
  } catch {
    return undefined;
  }
}

let chosen: PanelsModule | null | undefined;

/** The fastest that this engine runs; null where it runs none. */
export function panelsModule(): PanelsModule | null {
  return (chosen ??= openModule(relaxedModule, true) ?? openModule(plainModule, false) ?? null);
}
