// window: result[i] = element(i) for every i < size, where a window slides over images [batch, height, width, channels].
// One invocation computes one element. Places outside the image are found by u32 arithmetic that wraps: what would be
// negative is then beyond every length. The linker replaces the bindings, alias T and `element`.

alias T = f32;

struct Uniforms {
  size: u32,        // elements of the result
  height: u32,      // of an image
  width: u32,       // of an image
  channels: u32,    // of an image
  rows: u32,        // places of the window along the height
  columns: u32,     // and along the width
  multiplier: u32,  // outputs for each channel, in a depthwise convolution
  spare: u32,       // not used
  kernel: vec2u,    // height and width of the window
  strides: vec2u,   // from one place of it to the next
  dilation: vec2u,  // from one element of it to the next
  before: vec2u,    // padding above and to the left
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

// Where in the image tap (ky, kx) of the window at a place lies.
fn under(place: vec2u, tap: vec2u) -> vec2u {
  return place * uniforms.strides + tap * uniforms.dilation - uniforms.before;
}

fn in_image(at: vec2u) -> bool {
  return at.x < uniforms.height && at.y < uniforms.width;
}

// Where an element of an image is kept, channel 0.
fn image_index(image: u32, at: vec2u) -> u32 {
  return ((image * uniforms.height + at.x) * uniforms.width + at.y) * uniforms.channels;
}

// At which place of the window its tap lies over `at`; beyond all places if at none.
fn place_over(at: vec2u, tap: vec2u) -> vec2u {
  let t = at + uniforms.before - tap * uniforms.dilation;
  return select(vec2u(0xffffffffu), t / uniforms.strides, t % uniforms.strides == vec2u(0u));
}

fn is_place(place: vec2u) -> bool {
  return place.x < uniforms.rows && place.y < uniforms.columns;
}

fn place_index(image: u32, place: vec2u) -> u32 {
  return (image * uniforms.rows + place.x) * uniforms.columns + place.y;
}

fn element(i: u32) -> T {
  return input0[i];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= uniforms.size) {
    return;
  }
  result[i] = element(i);
}
