// softmax: result = e^(x - m) / sum e^(x - m), m = max x, along one axis of [outer, length, inner]. One workgroup
// computes one row along the axis: each invocation takes every 64th value, then trees merge the 64 maxima and the 64
// sums. NaN or Infinity anywhere in a row turns the entire row into NaN, as in PyTorch.

alias T = f32;

struct Uniforms {
  rows: u32,   // rows along the axis: outer * inner
  length: u32, // values along the axis
  inner: u32,  // distance between values along the axis, in elements
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let g = group.x + group.y * groups.x;
  let row = min(g, uniforms.rows - 1u);
  let base = (row / uniforms.inner) * uniforms.length * uniforms.inner + row % uniforms.inner;
  var greatest = -3.4028234e38;
  for (var k = lane; k < uniforms.length; k += 64u) {
    greatest = max(greatest, input0[base + k * uniforms.inner]);
  }
  partial[lane] = greatest;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      partial[lane] = max(partial[lane], partial[lane + width]);
    }
  }
  workgroupBarrier();
  greatest = partial[0];
  workgroupBarrier();
  var sum = 0.0;
  for (var k = lane; k < uniforms.length; k += 64u) {
    sum += exponential(input0[base + k * uniforms.inner] - greatest);
  }
  partial[lane] = sum;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      partial[lane] += partial[lane + width];
    }
  }
  workgroupBarrier();
  sum = partial[0];
  for (var k = lane; k < uniforms.length && g < uniforms.rows; k += 64u) {
    let at = base + k * uniforms.inner;
    result[at] = exponential(input0[at] - greatest) / sum;
  }
}
