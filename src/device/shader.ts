/**
 * A computation as WGSL and as plain loops, with the parts that a plan may separate in order to join it with others.
 */
import type { Form } from "./form";

/** Elements as a backend accepts and returns them: a bool is 0 or 1 in an Int32Array. */
export type Elements = Float32Array | Int32Array;

/**
 * Array type of references. The float64 twin stores float32 elements in a Float64Array, so references treat them as
 * plain numbers.
 */
export type ReferenceArray = Float32Array | Float64Array | Int32Array;

/**
 * The texts that the linker joins into a shader's complete WGSL, in addition to the files of `shaders/functions/` that
 * they call.
 */
export interface Link {
  /** A file in `shaders/` without its extension: `drivers/map`, `ops/argmax`. */
  file: string;
  /** Replaces the file's identity function `element` entirely. */
  element?: string;
}

/** One compute program, as WGSL and as plain loops. `U` is the type of its uniforms. */
export interface Shader<U = unknown> {
  /** Identifies the program: shaders of the same name are the same program. */
  readonly name: string;
  readonly link: Link;
  /** Packs the uniforms in the layout of the WGSL struct `Uniforms`, at most 256 bytes. */
  pack(uniforms: U): Uint32Array<ArrayBuffer>;
  reference(inputs: readonly ReferenceArray[], result: ReferenceArray, uniforms: U): void;
  /** Returns the same computation as a loop that can be joined with others. Absent if it cannot be joined. */
  form?(uniforms: U): Form;
}
