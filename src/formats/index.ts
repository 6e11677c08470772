/** Every file format: one file and one line each. */
export { idx } from "./idx";
export { safetensors } from "./safetensors";
