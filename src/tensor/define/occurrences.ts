/**
 * The indices that refer to each position of an axis, as linked lists that a shader can follow: the first index for
 * each position, and for each index the next one that refers to the same position. Building them scans all indices once
 * for each position and each index; a sum of slices without them would scan all indices for each element of its result.
 */
import type { ReferenceArray } from "../../device/backend";
import type { OpCall } from "../graph";
import type { Tensor } from "../tensor";
import { mapShader, type MapUniforms, runMap } from "./map";

/** Returns the position that an index refers to: negative indices count from the end. It may be out of range. */
function resolvedIndex(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

/** Returns a shader of the indices alone, whose uniforms contain their number and the length of the axis. */
function overIndices(name: string, element: string, reference: (...args: OverIndices) => void) {
  return {
    ...mapShader(name, { element }, () => 0),
    reference([indices]: readonly ReferenceArray[], result: ReferenceArray, { words }: MapUniforms) {
      reference(indices!, result, words[1]!);
    },
  };
}

type OverIndices = [indices: ReferenceArray, result: ReferenceArray, length: number];

const firstShader = overIndices(
  "first occurrence",
  `fn element(i: u32) -> T {
  let own = i32(i);
  for (var k = 0u; k < uniforms.words.x; k++) {
    if (input0[k] == own || input0[k] == own - i32(uniforms.words.y)) {
      return i32(k);
    }
  }
  return -1;
}`,
  (indices, result, length) => {
    result.fill(-1);
    for (let k = indices.length - 1; k >= 0; k--) {
      const place = resolvedIndex(indices[k]!, length);
      if (place >= 0 && place < length) result[place] = k;
    }
  },
);

const nextShader = overIndices(
  "next occurrence",
  `fn place_of(index: i32) -> i32 {
  return select(index, index + i32(uniforms.words.y), index < 0);
}

fn element(i: u32) -> T {
  let own = place_of(input0[i]);
  for (var k = i + 1u; k < uniforms.words.x; k++) {
    if (place_of(input0[k]) == own) {
      return i32(k);
    }
  }
  return -1;
}`,
  (indices, result, length) => {
    const next = new Map<number, number>();
    for (let k = indices.length - 1; k >= 0; k--) {
      const place = resolvedIndex(indices[k]!, length);
      result[k] = next.get(place) ?? -1;
      next.set(place, k);
    }
  },
);

/**
 * Returns for each position of an axis of `length` the first index that refers to it, and for each index the next one;
 * -1 if there is none.
 */
export function occurrences(
  call: Pick<OpCall<unknown>, "run" | "scratch">,
  indices: Tensor,
  length: number,
): { first: Tensor; next: Tensor } {
  const [first, next] = [call.scratch([length], "int32"), call.scratch([indices.size], "int32")];
  const options = { words: [indices.size, length], strides: [[0]] };
  runMap({ ...call, inputs: [indices], result: first }, firstShader, options);
  runMap({ ...call, inputs: [indices], result: next }, nextShader, options);
  return { first, next };
}
