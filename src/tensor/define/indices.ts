import type { DType } from "../../base/dtype";
import { checkDType } from "./elementwise";

/** @throws DTypeError unless a tensor of this dtype can be used as indices. */
export function checkIndices(at: string, dtype: DType): void {
  checkDType(at, dtype, ["int32"], 'Convert it first: .cast("int32").');
}
