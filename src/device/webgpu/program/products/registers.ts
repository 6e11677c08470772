import type { ProductLoop } from "../../../form";
import {
  accessors,
  batchOffsets,
  blockCode,
  finishBlock,
  emitDepthStep,
  type ProductRequest,
  type ProductText,
  type ProductVariant,
  range,
  tiling,
  wholeDepth,
} from "./variant";

/** Returns the number of invocations along the columns in a workgroup. */
function lanesAcross({ columns }: ProductLoop, blockColumns: number, lanes: number): number {
  return Math.min(lanes, 2 ** Math.ceil(Math.log2(Math.ceil(columns / blockColumns))));
}

/**
 * Returns a variant in which one invocation computes a block of the result in registers. For every four steps of the
 * depth it reads a vector of A for each of its rows, and a 4 x 4 piece of B for every four of its columns.
 * @param columns a multiple of 4
 * @param shares true if four neighbouring invocations of a row share their reads of A; requires at least `4 * columns`
 *   columns in the result
 */
export function registers(rows: number, columns: number, shares = false): ProductVariant {
  return {
    name: `registers ${rows}x${columns}${shares ? " shared by four" : ""}`,
    write: (request) => writeRegisters(request, range(rows), range(columns / 4), shares),
  };
}

function writeRegisters(
  request: ProductRequest,
  rows: readonly number[],
  quads: readonly number[],
  shares: boolean,
): ProductText {
  const { name, loop, workgroupSize } = request;
  const { columns, aStrides } = loop;
  const blockColumns = 4 * quads.length;
  const lanes = lanesAcross(loop, blockColumns, workgroupSize);
  const { workgroups, text } = tiling(loop, rows.length * (workgroupSize / lanes), blockColumns * lanes);
  const loadRow = (r: number) => {
    const at = (s: string) => `${name}_a(row${r} + (k + ${s}) * ${aStrides[1]}u)`;
    if (!shares)
      return [
        `let a${r} = vec4f(${range(4)
          .map((s) => at(`${s}u`))
          .join(", ")});`,
      ];
    // Each of the four reads one element and broadcasts it to the others.
    const parts = range(4).map((s) => `quadBroadcast(own${r}, ${s}u)`);
    return [`let own${r} = ${at("quad")};`, `let a${r} = vec4f(${parts.join(", ")});`];
  };
  const fourSteps = [
    ...quads.map((q) => {
      const pieces = range(4).map((s) => `${name}_b(batch_b, k + ${s}u, column + ${4 * q}u)`);
      return `let b${q} = mat4x4f(${pieces.join(", ")});`;
    }),
    ...rows.flatMap((r) => [...loadRow(r), ...blockCode.add(r, quads)]),
  ];
  // All four invocations must execute the shared reads. Those without columns compute if the first of the four has
  // some, on the columns of the last block.
  const isExact = columns % (shares ? blockColumns : 4) === 0;
  const firstColumn = shares ? `own_column - ${blockColumns}u * quad` : "own_column";
  const job = `fn ${name}(group: u32, lane: u32) {
  ${text}
  let own_column = tile_column + ${blockColumns}u * (lane % ${lanes}u);
  let row = tile_row + ${rows.length}u * (lane / ${lanes}u);
  let quad = lane % 4u;
  if (row < ${loop.rows}u && ${firstColumn} < ${columns}u) {
  let column = ${shares && isExact ? `min(own_column, ${columns - blockColumns}u)` : "own_column"};
  ${batchOffsets(loop)}
${blockCode.rowStarts(rows, loop)}
${blockCode.sums(rows, quads)}
${blockCode.loop(0, wholeDepth(loop), 4, fourSteps)}${blockCode.loop(wholeDepth(loop), loop.depth, 1, emitDepthStep(request, rows, quads))}${finishBlock(request, rows, quads)}  }
}
`;
  return { text: accessors(request, isExact) + job, workgroups };
}
