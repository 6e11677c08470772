// permutation: result[i] = p(i), where p is a random one-to-one function on 0..size-1. One invocation computes one
// element, by a Feistel network of 12 rounds on numbers of left_bits + right_bits bits. There are at least 64 such
// numbers, and at least twice as many as elements. A result beyond the end is permuted again until it is not, which
// keeps p one-to-one. After Mitchell, Stokes, Frank and Holmes, "Bandwidth-optimal random shuffling for GPUs", 2021.
// src/tensor/ops/permutation.ts implements the same arithmetic.

alias T = i32;

struct Uniforms {
  size: u32,                  // elements of the result
  left_bits: u32,             // bits of the upper half of a number
  right_bits: u32,            // bits of the lower half: left_bits, or one more
  keys: array<vec4u, 3>,      // one word per round
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read_write> result: array<T>;

// Spreads each bit over the whole word (the finalizer of MurmurHash3, public domain).
fn mix(word: u32) -> u32 {
  var h = word;
  h ^= h >> 16u;
  h *= 0x85ebca6bu;
  h ^= h >> 13u;
  h *= 0xc2b2ae35u;
  return h ^ (h >> 16u);
}

fn permute(number: u32) -> u32 {
  var left_bits = uniforms.left_bits;
  var right_bits = uniforms.right_bits;
  var left = number >> right_bits;
  var right = number & ((1u << right_bits) - 1u);
  for (var round = 0u; round < 12u; round++) {
    let key = uniforms.keys[round / 4u][round % 4u];
    let next = left ^ (mix(right ^ key) & ((1u << left_bits) - 1u));
    // The halves swap, and their widths with them.
    left = right;
    right = next;
    let width = left_bits;
    left_bits = right_bits;
    right_bits = width;
  }
  return (left << right_bits) | right;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= uniforms.size) {
    return;
  }
  var at = permute(i);
  // Every cycle returns below size; the bound only shows a compiler that the loop ends.
  for (var turn = 0u; turn < 0xffffffffu && at >= uniforms.size; turn++) {
    at = permute(at);
  }
  result[i] = i32(at);
}
