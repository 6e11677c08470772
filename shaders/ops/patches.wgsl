// patches: gathers the contents of a window at each of its positions over images input0 [batch, height, width,
// channels] into [batch, rows, columns, kernel height, kernel width, channels], with 0 outside the image. One
// invocation copies one channel of one position, so that the position is computed once for the whole window. The linker
// replaces the bindings and `alias T`.

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
  dilation: vec2u,  // distance between elements of a window
  before: vec2u,    // padding above and to the left
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= uniforms.size) {
    return;
  }
  let channels = uniforms.channels;
  let kernel = uniforms.kernel;
  let p = i / channels;
  let c = i % channels;
  let image = p / uniforms.columns / uniforms.rows;
  // Above and to the left of the image, the position wraps and becomes greater than any length.
  let corner = vec2u(p / uniforms.columns % uniforms.rows, p % uniforms.columns) * uniforms.strides - uniforms.before;
  var to = p * kernel.x * kernel.y * channels + c;
  var y = corner.x;
  for (var ky = 0u; ky < kernel.x; ky++) {
    let line = (image * uniforms.height + y) * uniforms.width;
    let width = select(0u, uniforms.width, y < uniforms.height);
    var x = corner.y;
    for (var kx = 0u; kx < kernel.y; kx++) {
      var value = T(0);
      if (x < width) {
        value = input0[(line + x) * channels + c];
      }
      result[to] = value;
      to += channels;
      x += uniforms.dilation.y;
    }
    y += uniforms.dilation.x;
  }
}
