// cumulative_sum: result[k] = x[0] + ... + x[k] along one axis of [outer, length, inner]. One workgroup computes one
// row along the axis. Each invocation sums one stretch of it. Then it starts from the sum of all earlier stretches and
// walks through its stretch again. int32 wraps.

alias T = f32;

struct Uniforms {
  rows: u32,       // rows along the axis: outer * inner
  length: u32,     // values along the axis
  inner: u32,      // distance between values along the axis, in elements
  exclusive: u32,  // 1: x[k] itself is excluded
  reverse: u32,    // 1: sums start at the end
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

var<workgroup> partial: array<T, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let g = group.x + group.y * groups.x;
  let row = min(g, uniforms.rows - 1u);
  let base = (row / uniforms.inner) * uniforms.length * uniforms.inner + row % uniforms.inner;
  let stretch = (uniforms.length + 63u) / 64u;
  let first = min(lane * stretch, uniforms.length);
  let end = min(first + stretch, uniforms.length);
  var sum = T(0);
  for (var k = first; k < end; k++) {
    sum += input0[base + select(k, uniforms.length - 1u - k, uniforms.reverse == 1u) * uniforms.inner];
  }
  partial[lane] = sum;
  workgroupBarrier();
  sum = T(0);
  for (var before = 0u; before < lane; before++) {
    sum += partial[before];
  }
  for (var k = first; k < end && g < uniforms.rows; k++) {
    let at = base + select(k, uniforms.length - 1u - k, uniforms.reverse == 1u) * uniforms.inner;
    let next = sum + input0[at];
    result[at] = select(next, sum, uniforms.exclusive == 1u);
    sum = next;
  }
}
