/** The matrix product of CPU:0, in WebAssembly if the engine has SIMD, otherwise in plain JavaScript. */
import { panelsModule } from "./panels";
import { multiplyPlainly } from "./plainMultiply";
import type { Multiply, Product } from "./product";
import { WasmMultiplier } from "./wasmMultiplier";

/** Below this number of multiply-adds, copying in and out takes longer than multiplying in plain JavaScript. */
const minDepth = 256;

/** Returns a function that multiplies arrays by a module. */
export function multiplyBy(module: WebAssembly.Module): Multiply {
  const multiplier = new WasmMultiplier(module);
  return (a, b, result, product) => multiplier.multiply(a, b, result, product);
}

let chosen: Multiply | undefined;

function choose(): Multiply {
  const found = panelsModule();
  return found ? multiplyBy(found.module) : multiplyPlainly;
}

/** Returns the name of the method by which this engine multiplies matrices. */
export function multiplierName(): string {
  return panelsModule()?.name ?? "JavaScript";
}

/** Computes `result = A B` in float32 by the fastest method of this engine. Any size may be 0. */
export function multiplyFloat32(a: Float32Array, b: Float32Array, result: Float32Array, product: Product): void {
  if (product.rows * product.columns * product.depth < minDepth) multiplyPlainly(a, b, result, product);
  else (chosen ??= choose())(a, b, result, product);
}
