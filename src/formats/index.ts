/** All file formats. A format has one file and one line here. */
export { idx } from "./idx";
export { npy } from "./npy";
export { npz } from "./npz";
export { safetensors } from "./safetensors";
