import { sizeOf } from "../../base/shape";
import { costOf } from "../define/cost";
import type { Shader } from "../../device/backend";
import { apply, type Op } from "../graph";
import type { Tensor } from "../tensor";

interface MatrixUniforms {
  rows: number;
  columns: number;
}

const shader: Shader<MatrixUniforms> = {
  name: "orthonormalColumns",
  link: { file: "ops/orthonormal_columns" },
  pack: ({ rows, columns }) => Uint32Array.of(rows, columns),
  reference([x], result, { rows, columns }) {
    result.set(x!);
    for (let column = 0; column < columns; column++) {
      for (let time = 0; time < 2; time++) {
        for (let other = 0; other < column; other++) {
          let share = 0;
          for (let row = 0; row < rows; row++)
            share += result[row * columns + other]! * result[row * columns + column]!;
          for (let row = 0; row < rows; row++)
            result[row * columns + column]! -= share * result[row * columns + other]!;
        }
      }
      let squares = 0;
      for (let row = 0; row < rows; row++) squares += result[row * columns + column]! ** 2;
      for (let row = 0; row < rows; row++) result[row * columns + column]! /= Math.sqrt(squares);
    }
  },
};

const orthonormalColumnsOp: Op<object> = {
  name: "orthonormalColumns",
  info: {
    description: "The columns of a matrix made orthonormal, one after the other.",
    source: "Gram-Schmidt, repeated once: Giraud, Langou and Rozloznik, The loss of orthogonality, 2005",
  },
  infer: ([x]) => ({ shape: x!.shape, dtype: "float32" }),
  // Two passes of a product and a difference with each earlier column.
  cost: (inputs, result) => costOf(inputs, result, 2 * sizeOf(result.shape) * result.shape[1]!),
  run({ inputs, result, run }) {
    const [rows, columns] = result.shape as [number, number];
    run(shader, inputs, result, { rows, columns }, 1);
  },
};

/**
 * The columns of `x` [rows, columns] made orthonormal by Gram-Schmidt, for initializers: it has no gradient. One workgroup
 * computes all columns, so that few of them are worth it: a wider matrix takes them in panels.
 */
export function orthonormalColumns(x: Tensor): Tensor {
  return apply(orthonormalColumnsOp, [x], {});
}
