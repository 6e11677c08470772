/** What is computed: a program as WGSL and as plain loops, and what a plan may take apart to join it with others. */
import type { Form } from "./form";

/** Elements as a backend takes and gives them: a bool is 0 or 1 in an Int32Array. */
export type Elements = Float32Array | Int32Array;

/**
 * What a reference computes on. Float32 elements are a Float64Array in the
 * float64 twin, so references read and write them as plain numbers.
 */
export type ReferenceArray = Float32Array | Float64Array | Int32Array;

/**
 * Which texts the linker joins to the complete WGSL of a shader, besides the
 * files of `shaders/functions/` that they call.
 */
export interface Link {
  /** A file of `shaders/` without its ending: `drivers/map`, `ops/argmax`. */
  file: string;
  /** Replaces the file's own identity function `element`, whole. */
  element?: string;
}

/** One compute program, as WGSL and as plain loops. `U` is what its uniforms say. */
export interface Shader<U = unknown> {
  /** Same name, same program. */
  readonly name: string;
  readonly link: Link;
  /** The uniforms as the WGSL struct `Uniforms` lays them out, at most 256 bytes. */
  pack(uniforms: U): Uint32Array<ArrayBuffer>;
  reference(inputs: readonly ReferenceArray[], result: ReferenceArray, uniforms: U): void;
  /** The same as a loop that can be joined with others; absent where it cannot. */
  form?(uniforms: U): Form;
}
