// top_k: result[row, j] = position in a row of the value that exactly j others precede. Greater values precede lesser
// ones, NaN precedes every number, and equal values are in order of their positions. One workgroup computes one row,
// one value per iteration: each invocation searches every 64th value for the first that comes after the last one found,
// and a tree merges the 64 candidates. The linker replaces the bindings, `alias T` and `element`.

alias T = i32;

struct Uniforms {
  rows: u32,    // rows of the input
  length: u32,  // values in each row
  count: u32,   // values to find in each row
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<i32>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

var<workgroup> best_key: array<u32, 64>;
var<workgroup> best_at: array<u32, 64>;

// Returns a key whose order is that of the values; equal values have equal keys.
fn element(x: i32) -> u32 {
  return bitcast<u32>(x) ^ 0x80000000u;
}

// Returns true if one value precedes another. A position past the end means no value.
fn comes_before(key: u32, at: u32, other: u32, other_at: u32) -> bool {
  return at < uniforms.length && (other_at >= uniforms.length || key > other || (key == other && at < other_at));
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let g = group.x + group.y * groups.x;
  let base = min(g, uniforms.rows - 1u) * uniforms.length;
  var last_key = 0u;
  var last_at = 0u;
  for (var turn = 0u; turn < uniforms.count; turn++) {
    var key = 0u;
    var at = uniforms.length;
    for (var k = lane; k < uniforms.length; k += 64u) {
      let other = element(input0[base + k]);
      let is_left = turn == 0u || comes_before(last_key, last_at, other, k);
      if (is_left && comes_before(other, k, key, at)) {
        key = other;
        at = k;
      }
    }
    best_key[lane] = key;
    best_at[lane] = at;
    for (var width = 32u; width > 0u; width /= 2u) {
      workgroupBarrier();
      if (lane < width && comes_before(best_key[lane + width], best_at[lane + width], best_key[lane], best_at[lane])) {
        best_key[lane] = best_key[lane + width];
        best_at[lane] = best_at[lane + width];
      }
    }
    workgroupBarrier();
    last_key = best_key[0];
    last_at = best_at[0];
    workgroupBarrier();
    if (lane == 0u && g < uniforms.rows) {
      result[g * uniforms.count + turn] = i32(last_at);
    }
  }
}
