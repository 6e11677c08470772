// log_sum_exp: result[i] = m + log(sum_k e^(x_k - m)) with m = max_k x_k, over the reduced axes. One workgroup computes
// one element: each invocation takes every 64th value, then trees merge the 64 maxima and the 64 sums. An infinite m
// would turn x_k - m into NaN, so it is replaced by the greatest finite number. NaN propagates through `exponential`.
// The linker replaces the bindings and `alias T`.

alias T = f32;

struct Uniforms {
  size: u32,                        // elements of the result
  count: u32,                       // values folded into each of them of them
  start: u32,                       // bits of the neutral element: 0 for a sum
  kept_rank: u32,                   // axes of the result
  kept_shape: array<vec4u, 2>,      // lengths of the result's axes, at most 8
  kept_strides: array<vec4u, 2>,    // strides of the result's axes in the input
  reduced_rank: u32,                // folded axes
  part: u32,                        // values that one workgroup folds: count, unless split into parts
  parts: u32,                       // workgroups per element of the result
  reduced_shape: array<vec4u, 2>,   // lengths of the folded axes
  reduced_strides: array<vec4u, 2>, // strides of the folded axes in the input
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

var<workgroup> partial: array<f32, 64>;

// Returns the index of the first value of result element i. The first axis needs no division.
fn kept_offset(i: u32) -> u32 {
  var rest = i;
  var index = 0u;
  for (var axis = uniforms.kept_rank; axis > 1u; axis--) {
    let at = axis - 1u;
    let length = uniforms.kept_shape[at / 4u][at % 4u];
    index += (rest % length) * uniforms.kept_strides[at / 4u][at % 4u];
    rest /= length;
  }
  return index + rest * uniforms.kept_strides[0].x;
}

// Returns the offset of value k from the first value.
fn reduced_offset(k: u32) -> u32 {
  var rest = k;
  var index = 0u;
  for (var axis = uniforms.reduced_rank; axis > 1u; axis--) {
    let at = axis - 1u;
    let length = uniforms.reduced_shape[at / 4u][at % 4u];
    index += (rest % length) * uniforms.reduced_strides[at / 4u][at % 4u];
    rest /= length;
  }
  return index + rest * uniforms.reduced_strides[0].x;
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group.x + group.y * groups.x;
  let base = kept_offset(min(i, uniforms.size - 1u));
  var greatest = -3.4028234e38;
  for (var k = lane; k < uniforms.count; k += 64u) {
    greatest = max(greatest, input0[base + reduced_offset(k)]);
  }
  partial[lane] = greatest;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      partial[lane] = max(partial[lane], partial[lane + width]);
    }
  }
  workgroupBarrier();
  greatest = clamp(partial[0], -3.4028234e38, 3.4028234e38);
  workgroupBarrier();
  var sum = 0.0;
  for (var k = lane; k < uniforms.count; k += 64u) {
    sum += exponential(input0[base + reduced_offset(k)] - greatest);
  }
  partial[lane] = sum;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      partial[lane] += partial[lane + width];
    }
  }
  if (lane == 0u && i < uniforms.size) {
    result[i] = greatest + logarithm(partial[0]);
  }
}
