import { promote, type DType } from "../../base/dtype";
import { ArgumentError } from "../../base/errors";
import { full } from "../creation";
import { cast } from "../ops/cast";
import { Operand, type Tensor } from "../tensor";

/** What an op accepts as a tensor: a number or boolean becomes a scalar of the other operands' device. */
export type OperandLike = Operand | number | boolean;

/** Returns the dtype of a plain number beside a tensor: the tensor's, but float32 for a fraction. */
export function scalarDType(value: number | boolean, beside: DType): DType {
  if (typeof value === "boolean") return promote("bool", beside);
  if (beside === "float32" || !Number.isInteger(value)) return "float32";
  return "int32";
}

/**
 * Converts operands to tensors of one dtype on one device.
 * @throws ArgumentError if none is a tensor.
 */
export function alignOperands(op: string, operands: readonly OperandLike[]): Tensor[] {
  const first = operands.find((operand) => operand instanceof Operand);
  if (!first) throw new ArgumentError({ at: op, expected: "at least one tensor", got: "numbers only" });
  const dtypes = operands.map((operand) =>
    operand instanceof Operand ? operand.dtype : scalarDType(operand, first.dtype),
  );
  const dtype = dtypes.reduce(promote);
  return operands.map((operand) => {
    if (!(operand instanceof Operand)) return full([], operand, { dtype, device: first.device });
    return operand.dtype === dtype ? operand.asTensor() : cast(operand, dtype);
  });
}
