/** The matrix product of CPU:0: in WebAssembly where the engine has SIMD, else in plain JavaScript. */
import { plainModule, relaxedModule } from "./matmulWasm";
import { multiplyPlainly } from "./plainMultiply";
import type { Multiply, Product } from "./product";
import { WasmMultiplier } from "./wasmMultiplier";

/** Below this many multiply-adds, copying in and out takes longer than multiplying in plain JavaScript. */
const fewSteps = 256;

function bytesOf(module: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(module), (character) => character.charCodeAt(0));
}

/**
 * True where a multiply-add rounds once. Where the processor has none, the engine makes it of two instructions, and the
 * tile that counts on it does not fit the registers. (1 + e)^2 - round((1 + e)^2) is e^2 if nothing was rounded between.
 */
function fuses(multiplier: WasmMultiplier): boolean {
  const x = 1 + 2 ** -12;
  const result = new Float32Array(1);
  const a = Float32Array.of(-Math.fround(x * x), x);
  const b = Float32Array.of(1, x);
  const one = { rows: 1, columns: 1, depth: 2, aOffset: 0, bOffset: 0, resultOffset: 0 };
  multiplier.multiply(a, b, result, { ...one, aStrides: [2, 1], bStrides: [1, 1] });
  return result[0] === 2 ** -24;
}

/** The module's multiplication, or undefined where the engine cannot run it or a page's policy forbids to compile it. */
export function openMultiplier(module: string, needsFusing: boolean): Multiply | undefined {
  try {
    const bytes = bytesOf(module);
    if (!WebAssembly.validate(bytes)) return undefined;
    const multiplier = new WasmMultiplier(new WebAssembly.Module(bytes));
    if (needsFusing && !fuses(multiplier)) return undefined;
    return (a, b, result, product) => multiplier.multiply(a, b, result, product);
  } catch {
    return undefined;
  }
}

interface Multiplier {
  name: string;
  multiply: Multiply;
}

let chosen: Multiplier | undefined;

function choose(): Multiplier {
  const relaxed = openMultiplier(relaxedModule, true);
  if (relaxed) return { name: "WebAssembly relaxed SIMD", multiply: relaxed };
  const plain = openMultiplier(plainModule, false);
  if (plain) return { name: "WebAssembly SIMD", multiply: plain };
  return { name: "JavaScript", multiply: multiplyPlainly };
}

/** By what this engine multiplies matrices. */
export function multiplierName(): string {
  return (chosen ??= choose()).name;
}

/** `result = A B` in float32, by the fastest way that this engine has. Any sizes, zero too. */
export function multiplyFloat32(a: Float32Array, b: Float32Array, result: Float32Array, product: Product): void {
  if (product.rows * product.columns * product.depth < fewSteps) multiplyPlainly(a, b, result, product);
  else (chosen ??= choose()).multiply(a, b, result, product);
}
