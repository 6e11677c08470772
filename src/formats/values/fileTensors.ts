import type { DType } from "../../base/dtype";
import type { Operand } from "../../tensor/tensor";
import type { FileTensor } from "../fileFormat";

/** Names in files of the dtypes of devices. */
const dtypeNames: Record<DType, string> = { float32: "F32", int32: "I32", bool: "BOOL" };

/** Reads a tensor from its device, for a file. */
export async function toFileTensor(tensor: Operand): Promise<FileTensor> {
  return { dtype: dtypeNames[tensor.dtype], shape: tensor.shape, data: await tensor.data() };
}
