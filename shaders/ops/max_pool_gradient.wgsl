// max_pool_gradient: distributes the gradient of a max pool whose windows do not overlap: no pixel of the images input0
// [batch, height, width, channels] belongs to two windows. input1 is the gradient of the pooled values. One invocation
// writes all pixels of one channel from its window position up to the next one, including pixels in no window. The
// linker replaces the bindings and `alias T`.

alias T = f32;

struct Uniforms {
  size: u32,        // invocations
  height: u32,      // height of an image
  width: u32,       // width of an image
  channels: u32,    // channels of an image
  rows: u32,        // window positions along the height
  columns: u32,     // window positions along the width
  multiplier: u32,  // unused
  spare: u32,       // unused
  kernel: vec2u,    // height and width of the window
  strides: vec2u,   // distance between window positions
  dilation: vec2u,  // unused
  before: vec2u,    // unused: there is no padding above and to the left
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read> input1: array<T>;
@group(0) @binding(3) var<storage, read_write> result: array<T>;

// Returns the index of the greatest value from `first` up to row and column `end`: the first NaN, else the first of
// equals.
fn chosen_from(first: u32, end: vec2u) -> u32 {
  var chosen = first;
  var best = input0[first];
  for (var y = 0u; y < end.x; y++) {
    var at = first + y * uniforms.width * uniforms.channels;
    for (var x = 0u; x < end.y; x++) {
      let value = input0[at];
      // Branch-free, because neighbouring invocations would diverge at every value.
      let is_greater = ((value > best) | is_nan(value)) & !is_nan(best);
      best = select(best, value, is_greater);
      chosen = select(chosen, at, is_greater);
      at += uniforms.channels;
    }
  }
  return chosen;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= uniforms.size) {
    return;
  }
  let down = (uniforms.height + uniforms.strides.x - 1u) / uniforms.strides.x;
  let across = (uniforms.width + uniforms.strides.y - 1u) / uniforms.strides.y;
  let p = i / uniforms.channels;
  let channel = i % uniforms.channels;
  let place = vec2u(p / across % down, p % across);
  let image = p / across / down;
  let corner = place * uniforms.strides;
  let left = vec2u(uniforms.height, uniforms.width) - corner;
  let first = ((image * uniforms.height + corner.x) * uniforms.width + corner.y) * uniforms.channels + channel;
  var chosen = 0xffffffffu;
  var gradient = T(0);
  if (place.x < uniforms.rows && place.y < uniforms.columns) {
    chosen = chosen_from(first, min(uniforms.kernel, left));
    gradient += input1[((image * uniforms.rows + place.x) * uniforms.columns + place.y) * uniforms.channels + channel];
  }
  let end = min(uniforms.strides, left);
  for (var y = 0u; y < end.x; y++) {
    var at = first + y * uniforms.width * uniforms.channels;
    for (var x = 0u; x < end.y; x++) {
      result[at] = select(T(0), gradient, at == chosen);
      at += uniforms.channels;
    }
  }
}
