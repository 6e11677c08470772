// max_pool_gradient: where the gradient of the greatest value of each window goes, for windows that lie apart: no pixel of
// the images input0 [batch, height, width, channels] is seen from two places. input1 is the gradient by the values.
// One invocation writes all pixels from its place up to the next, of one channel; there may be no window over them.
// The linker replaces the bindings and alias T.

alias T = f32;

struct Uniforms {
  size: u32,        // invocations
  height: u32,      // of an image
  width: u32,       // of an image
  channels: u32,    // of an image
  rows: u32,        // places of the window along the height
  columns: u32,     // and along the width
  multiplier: u32,  // not used
  spare: u32,       // not used
  kernel: vec2u,    // height and width of the window
  strides: vec2u,   // from one place of it to the next
  dilation: vec2u,  // not used
  before: vec2u,    // not used: there is no padding above and to the left
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read> input1: array<T>;
@group(0) @binding(3) var<storage, read_write> result: array<T>;

// Where in the images the greatest value lies from `first` up to row and column `end`: the first of equals, the first NaN
// before all.
fn chosen_from(first: u32, end: vec2u) -> u32 {
  var chosen = first;
  var best = input0[first];
  for (var y = 0u; y < end.x; y++) {
    var at = first + y * uniforms.width * uniforms.channels;
    for (var x = 0u; x < end.y; x++) {
      let value = input0[at];
      // Without a branch: invocations side by side would part at every value.
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
