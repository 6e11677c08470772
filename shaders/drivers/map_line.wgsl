// map_line: variant of map in which every input has a single stride, because its axes merge into one. The linker
// replaces the bindings, `alias T` and `element`.

alias T = f32;

struct Uniforms {
  size: u32,                            // elements of the result
  rank: u32,                            // axes of the result, adjacent ones merged where all strides allow
  scalars: vec2f,                       // numeric arguments of the function
  shape: array<vec4u, 2>,               // lengths of the result's axes, at most 8
  strides: array<array<vec4u, 2>, 3>,   // strides of each input, in elements; 0 where broadcast
  offsets: vec4u,                       // index of the first element of each input
  words: vec4u,                         // integer arguments of the function: a key, a limit
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

// Returns the index in input k for element i of the result.
fn source(i: u32, k: u32) -> u32 {
  return uniforms.offsets[k] + i * uniforms.strides[k][0].x;
}

fn element(i: u32) -> T {
  return input0[source(i, 0u)];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= uniforms.size) {
    return;
  }
  result[i] = element(i);
}
