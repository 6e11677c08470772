/** The Node version of tfjsWasmPaths.ts: files in the npm folder, whose path the driver passes. */
const names = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];
const folder = `${process.env.BENCH_MODULES}/@tensorflow/tfjs-backend-wasm/dist`;

export const wasmPaths = Object.fromEntries(names.map((name) => [name, `${folder}/${name}`]));
