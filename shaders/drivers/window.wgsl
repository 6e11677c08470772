// window: result[i] = element(i) for every i < size, where a window slides over images [batch, height, width,
// channels]. One invocation computes one element. Positions outside the image are detected by wrapping u32 arithmetic:
// a negative position becomes greater than any length. The linker replaces the bindings, `alias T` and `element`.

alias T = f32;

struct Uniforms {
  size: u32,        // elements of the result
  height: u32,      // height of an image
  width: u32,       // width of an image
  channels: u32,    // channels of an image
  rows: u32,        // window positions along the height
  columns: u32,     // window positions along the width
  multiplier: u32,  // outputs for each channel, in a depthwise convolution
  spare: u32,       // unused
  kernel: vec2u,    // height and width of the window
  strides: vec2u,   // distance between window positions
  dilation: vec2u,  // distance between elements of a window
  before: vec2u,    // padding above and to the left
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

// Returns the pixel under tap (ky, kx) of the window at a position.
fn under(place: vec2u, tap: vec2u) -> vec2u {
  return place * uniforms.strides + tap * uniforms.dilation - uniforms.before;
}

fn in_image(at: vec2u) -> bool {
  return at.x < uniforms.height && at.y < uniforms.width;
}

// Returns the index of channel 0 of a pixel.
fn image_index(image: u32, at: vec2u) -> u32 {
  return ((image * uniforms.height + at.x) * uniforms.width + at.y) * uniforms.channels;
}

// Returns the window position whose tap covers the pixel; if there is none, a value beyond all positions.
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
