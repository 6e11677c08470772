import { tidy } from "../../plan/closures/tidy";
import { concat } from "../../tensor/ops/concat";
import "../../tensor/ops/methods";
import type { Tensor } from "../../tensor/tensor";

/** Largest transfer: well below the largest buffer of any device. */
const maxBytes = 32 * 2 ** 20;

/** Groups tensors by dtype into loads of at most `maxBytes`. A larger tensor is a load by itself. */
function loadsOf(tensors: readonly Tensor[]): Tensor[][] {
  const loads: Tensor[][] = [];
  for (const dtype of new Set(tensors.map((tensor) => tensor.dtype))) {
    let bytes = Infinity;
    for (const tensor of tensors.filter((other) => other.dtype === dtype)) {
      if (bytes + tensor.bytes > maxBytes) {
        loads.push([]);
        bytes = 0;
      }
      loads.at(-1)!.push(tensor);
      bytes += tensor.bytes;
    }
  }
  return loads;
}

function moveLoad(load: readonly Tensor[], device: string): Tensor[] {
  if (load.length === 1) return [load[0]!.to(device)];
  const packed = concat(load.map((tensor) => tensor.reshape([tensor.size]))).to(device);
  let start = 0;
  return load.map((tensor) => {
    const part = packed.slice([start], [start + tensor.size]).reshape(tensor.shape);
    start += tensor.size;
    return part;
  });
}

/**
 * Copies tensors to another device, in the same order. They are packed, because many small transfers take far longer
 * than one of the same size.
 */
export function moveTensors(tensors: readonly Tensor[], device: string): Tensor[] {
  return tidy(() => {
    const moved = new Map<Tensor, Tensor>();
    for (const load of loadsOf(tensors)) {
      moveLoad(load, device).forEach((copy, index) => moved.set(load[index]!, copy));
    }
    return tensors.map((tensor) => moved.get(tensor)!);
  });
}
