// matmul: C[b, r, c] = sum_k A[b, r, k] B[b, k, c]. Rows and columns of A and B are read through strides, so that
// transposing costs no copy, and batches through strides, so that broadcast matrices are not repeated. One invocation
// computes 4 x 4 elements of C in four vectors. A workgroup of 64 invocations covers C with uniforms.lanes columns of
// invocations. Rows and columns past the end read the last one and are not stored. If the sum over k is split, the
// partial matrices are consecutive in the result and a second shader adds them.

alias T = f32;

struct Uniforms {
  rows: u32,                     // rows of C
  columns: u32,                  // columns of C
  depth: u32,                    // length of k
  lanes: u32,                    // invocations along the columns in a workgroup: 1, 8 or 64
  a_strides: vec2u,              // strides of A along r and k, in elements
  b_strides: vec2u,              // strides of B along k and c, in elements
  part: u32,                     // values of k in each part
  parts: u32,                    // parts that k is split into
  batches: u32,                  // matrices in C
  batch_rank: u32,               // axes of the batch
  batch_shape: array<vec4u, 2>,  // lengths of the batch axes, at most 8
  a_batch: array<vec4u, 2>,      // strides of the batch axes in A, 0 where broadcast
  b_batch: array<vec4u, 2>,      // strides of the batch axes in B, 0 where broadcast
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> input0: array<T>;
@group(0) @binding(2) var<storage, read> input1: array<T>;
@group(0) @binding(3) var<storage, read_write> result: array<T>;

// Returns the offsets of matrix b of the batch in A and in B.
fn batch_offsets(b: u32) -> vec2u {
  var rest = b;
  var offsets = vec2u(0u);
  for (var axis = uniforms.batch_rank; axis > 0u; axis--) {
    let at = axis - 1u;
    let length = uniforms.batch_shape[at / 4u][at % 4u];
    offsets += (rest % length) * vec2u(uniforms.a_batch[at / 4u][at % 4u], uniforms.b_batch[at / 4u][at % 4u]);
    rest /= length;
  }
  return offsets;
}

fn store(at: u32, row: u32, column: u32, values: vec4<T>) {
  if (row >= uniforms.rows) {
    return;
  }
  let start = at + row * uniforms.columns + column;
  if (column < uniforms.columns) {
    result[start] = values.x;
  }
  if (column + 1u < uniforms.columns) {
    result[start + 1u] = values.y;
  }
  if (column + 2u < uniforms.columns) {
    result[start + 2u] = values.z;
  }
  if (column + 3u < uniforms.columns) {
    result[start + 3u] = values.w;
  }
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile_columns = 4u * uniforms.lanes;
  let tile_rows = 256u / uniforms.lanes;
  let across = (uniforms.columns + tile_columns - 1u) / tile_columns;
  let down = (uniforms.rows + tile_rows - 1u) / tile_rows;
  var rest = group.x + group.y * groups.x;
  let column = (rest % across) * tile_columns + 4u * (lane % uniforms.lanes);
  rest /= across;
  let row = (rest % down) * tile_rows + 4u * (lane / uniforms.lanes);
  rest /= down;
  let batch = rest % uniforms.batches;
  let slice = rest / uniforms.batches;
  if (slice >= uniforms.parts || row >= uniforms.rows || column >= uniforms.columns) {
    return;
  }
  let begin = batch_offsets(batch);
  let first = slice * uniforms.part;
  let to = min(first + uniforms.part, uniforms.depth);
  let r = begin.x + min(vec4u(row) + vec4u(0u, 1u, 2u, 3u), vec4u(uniforms.rows - 1u)) * uniforms.a_strides.x;
  let c = begin.y + min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(uniforms.columns - 1u)) * uniforms.b_strides.y;
  var sum0 = vec4<T>();
  var sum1 = vec4<T>();
  var sum2 = vec4<T>();
  var sum3 = vec4<T>();
  for (var k = first; k < to; k++) {
    let a = r + k * uniforms.a_strides.y;
    let b = c + k * uniforms.b_strides.x;
    let values = vec4<T>(input1[b.x], input1[b.y], input1[b.z], input1[b.w]);
    sum0 += input0[a.x] * values;
    sum1 += input0[a.y] * values;
    sum2 += input0[a.z] * values;
    sum3 += input0[a.w] * values;
  }
  let at = (slice * uniforms.batches + batch) * uniforms.rows * uniforms.columns;
  store(at, row, column, sum0);
  store(at, row + 1u, column, sum1);
  store(at, row + 2u, column, sum2);
  store(at, row + 3u, column, sum3);
}
