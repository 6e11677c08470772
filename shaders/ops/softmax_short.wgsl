// softmax_short: variant of softmax for short axes or many rows. One invocation computes one row along the axis.

alias T = f32;

struct Uniforms {
  rows: u32,   // rows along the axis: outer * inner
  length: u32, // values along the axis
  inner: u32,  // distance between values along the axis, in elements
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if (row >= uniforms.rows) {
    return;
  }
  let base = (row / uniforms.inner) * uniforms.length * uniforms.inner + row % uniforms.inner;
  var greatest = -3.4028234e38;
  for (var k = 0u; k < uniforms.length; k++) {
    greatest = max(greatest, input0[base + k * uniforms.inner]);
  }
  var sum = 0.0;
  for (var k = 0u; k < uniforms.length; k++) {
    sum += exponential(input0[base + k * uniforms.inner] - greatest);
  }
  for (var k = 0u; k < uniforms.length; k++) {
    let at = base + k * uniforms.inner;
    result[at] = exponential(input0[at] - greatest) / sum;
  }
}
