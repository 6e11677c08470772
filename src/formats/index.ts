import type { FileFormat } from "./fileFormat";
import { idx } from "./idx";
import { safetensors } from "./safetensors";

/** Every file format: one file and one line each. The first is the default for weights. */
export const formats: readonly FileFormat[] = [safetensors, idx];
