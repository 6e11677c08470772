// draw: result[i] = element(word i % 4 of philox(counter floor(i / 4))): random values from a key. One invocation
// computes the four elements of one counter. The linker replaces the bindings, `alias T` and `element`.

alias T = f32;

struct Uniforms {
  size: u32,       // elements of the result
  key: vec2u,      // random key
  scalars: vec2f,  // parameters of the distribution: its bounds, or mean and deviation
  words: vec2u,    // integer parameters
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read_write> result: array<T>;

fn element(bits: u32) -> T {
  return T(unit_interval(bits));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let counter = id.x + id.y * groups.x * 64u;
  let i = counter * 4u;
  if (i >= uniforms.size) {
    return;
  }
  let bits = philox(vec4u(counter, 0u, 0u, 0u), uniforms.key);
  result[i] = element(bits.x);
  if (i + 1u < uniforms.size) {
    result[i + 1u] = element(bits.y);
  }
  if (i + 2u < uniforms.size) {
    result[i + 2u] = element(bits.z);
  }
  if (i + 3u < uniforms.size) {
    result[i + 3u] = element(bits.w);
  }
}
