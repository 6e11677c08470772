// fold: computes the same as reduce, for many results of few values each. One invocation folds one element of the
// result, in order. The linker replaces the bindings, `alias T` and `element`.

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

fn element(a: T, b: T) -> T {
  return a;
}

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
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= uniforms.size) {
    return;
  }
  let base = kept_offset(i);
  var folded = bitcast<T>(uniforms.start);
  for (var k = 0u; k < uniforms.count; k++) {
    folded = element(folded, input0[base + reduced_offset(k)]);
  }
  result[i] = folded;
}
