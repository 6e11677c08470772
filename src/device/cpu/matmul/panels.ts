/** The hand-written matrix product (panels.wat), instantiated on a given memory. */
import { plainModule, relaxedModule } from "./matmulWasm";

/** Size of the work area that the module needs, in bytes. */
export const scratchBytes = 0x13d000;

/** Largest depth of a block: a panel of B of this depth fills a quarter of a first-level cache. */
const maxBlockDepth = 256;
/** Up to this number of rows, B is read in place, because packing would cost more than it saves. */
const maxUnpackedRows = 24;
/**
 * Above this stride in bytes, B's rows evict each other from the cache, so that only a single pass over them is cheap.
 */
const cacheCrowdingStride = 2048;
const singlePassRows = 6;

/** A product whose operands are addresses; strides are in elements. */
export interface AddressedProduct {
  readonly a: number;
  readonly b: number;
  readonly result: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly aStrides: readonly [number, number];
  readonly bStrides: readonly [number, number];
  /** Distance between rows of the result in elements; defaults to `columns`. */
  readonly stride?: number;
  /** True if the products are added to the current contents of the result. */
  readonly adds?: boolean;
}

/** Runs one prepared product. */
export type RunProduct = () => void;

type Multiply = (...numbers: number[]) => void;

/** Returns the depth of blocks that split `depth` as evenly as possible. */
export function depthStep(depth: number): number {
  return Math.ceil(depth / Math.ceil(depth / maxBlockDepth));
}

function shouldPack(rows: number, [step, column]: readonly [number, number]): boolean {
  return column !== 1 || rows > (step * 4 > cacheCrowdingStride ? singlePassRows : maxUnpackedRows);
}

export class Panels {
  private readonly multiply: Multiply;

  /** @param scratch address of `scratchBytes` bytes that only the module may use */
  constructor(
    module: WebAssembly.Module,
    readonly memory: WebAssembly.Memory,
    scratch: number,
  ) {
    const env = { memory, scratch: new WebAssembly.Global({ value: "i32" }, scratch) };
    this.multiply = new WebAssembly.Instance(module, { env }).exports.multiply as Multiply;
  }

  /**
   * Prepares `result = A B`; all sizes are at least 1. Sums are in float32, in an order that depends only on the sizes.
   */
  prepare(product: AddressedProduct): RunProduct {
    const { a, b, result, rows, columns, depth, aStrides, bStrides, stride = columns, adds = false } = product;
    const { multiply } = this;
    const [aRow, aStep, bStep, bColumn, rowBytes] = [...aStrides, ...bStrides, stride].map((count) => count * 4);
    const [packed, added] = [shouldPack(rows, bStrides), adds].map(Number);
    const steps = depthStep(depth);
    return () =>
      multiply(a, b, result, rows, columns, depth, aRow!, aStep!, bStep!, bColumn!, rowBytes!, steps, packed!, added!);
  }
}

/** A compiled module with its properties. */
export interface PanelsModule {
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** True if its multiply-adds round once. */
  readonly fuses: boolean;
}

/**
 * Returns true if a multiply-add rounds once. On a processor without the instruction, the engine emulates it by two,
 * and the tile that depends on it does not fit the registers. The probe computes (1 + e)^2 - round((1 + e)^2), which is
 * e^2 only if the product was not rounded before the addition.
 */
function roundsOnce(module: WebAssembly.Module): boolean {
  const x = 1 + 2 ** -12;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(scratchBytes / 0x10000) + 1 });
  const values = new Float32Array(memory.buffer, scratchBytes + 64, 6);
  values.set([-Math.fround(x * x), x, 1, x]);
  const [a, b, result] = [0, 8, 16].map((offset) => values.byteOffset + offset);
  const one = { rows: 1, columns: 1, depth: 2, aStrides: [2, 1], bStrides: [1, 1] } as const;
  new Panels(module, memory, 64).prepare({ a: a!, b: b!, result: result!, ...one })();
  return values[4] === 2 ** -24;
}

/**
 * Compiles a module. Undefined if the engine cannot run it, if a page's policy forbids its compilation, or if
 * `needsFusing` and its multiply-adds round twice.
 */
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

/** Returns the fastest module that this engine can run; null if there is none. */
export function panelsModule(): PanelsModule | null {
  return (chosen ??= openModule(relaxedModule, true) ?? openModule(plainModule, false) ?? null);
}
