// place: result[target(i)] = input0[i] for every i < size: writes a tensor into a part of another.
// One invocation moves one element. The linker replaces the bindings and `alias T`.

alias T = f32;

struct Uniforms {
  size: u32,                  // elements to move
  rank: u32,                  // axes of the input, adjacent ones merged where strides allow
  offset: u32,                // index in the result of the first element
  shape: array<vec4u, 2>,     // lengths of the input's axes, at most 8
  strides: array<vec4u, 2>,   // strides of those axes in the result
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

// Returns the index in the result of element i. The first axis needs no division.
fn target_of(i: u32) -> u32 {
  var rest = i;
  var index = uniforms.offset;
  for (var axis = uniforms.rank; axis > 1u; axis--) {
    let at = axis - 1u;
    let length = uniforms.shape[at / 4u][at % 4u];
    index += (rest % length) * uniforms.strides[at / 4u][at % 4u];
    rest /= length;
  }
  return index + rest * uniforms.strides[0].x;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= uniforms.size) {
    return;
  }
  result[target_of(i)] = input0[i];
}
