// orthonormal_columns: the columns of a matrix [rows, columns] made orthonormal by Gram-Schmidt, one after the other.
// One workgroup computes all of them, because each needs those before it. The first pass takes each column's share of the
// earlier ones away, a stretch of 64 of them at a time; the second takes away the rounding that the first left in.

alias T = f32;

struct Uniforms {
  rows: u32,     // at least as many as columns
  columns: u32,  // of the matrix
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read_write> result: array<T>;

var<workgroup> shared_values: array<f32, 64>;

// The sum of one number of each invocation, by a fixed tree.
fn sum_of_all(lane: u32, own: f32) -> f32 {
  shared_values[lane] = own;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      shared_values[lane] += shared_values[lane + width];
    }
  }
  workgroupBarrier();
  let sum = shared_values[0];
  workgroupBarrier();
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  let rows = uniforms.rows;
  let columns = uniforms.columns;
  for (var column = 0u; column < columns; column++) {
    for (var row = lane; row < rows; row += 64u) {
      result[row * columns + column] = input0[row * columns + column];
    }
    storageBarrier();
    for (var time = 0u; time < 2u; time++) {
      for (var first = 0u; first < column; first += 64u) {
        let other = first + lane;
        var share = 0.0;
        for (var row = 0u; row < rows && other < column; row++) {
          share += result[row * columns + other] * result[row * columns + column];
        }
        shared_values[lane] = share;
        workgroupBarrier();
        let count = min(64u, column - first);
        for (var row = lane; row < rows; row += 64u) {
          var sum = 0.0;
          for (var k = 0u; k < count; k++) {
            sum += result[row * columns + first + k] * shared_values[k];
          }
          result[row * columns + column] -= sum;
        }
        workgroupBarrier();
        storageBarrier();
      }
    }
    var squares = 0.0;
    for (var row = lane; row < rows; row += 64u) {
      let value = result[row * columns + column];
      squares += value * value;
    }
    let norm = sqrt(sum_of_all(lane, squares));
    for (var row = lane; row < rows; row += 64u) {
      result[row * columns + column] /= norm;
    }
    storageBarrier();
  }
}
