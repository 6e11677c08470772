/** Every file format: one file and one line each. */
export { idx } from "./idx";
export { npy } from "./npy";
export { npz } from "./npz";
export { safetensors } from "./safetensors";
