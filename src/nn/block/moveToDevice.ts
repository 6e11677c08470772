import { Parameter } from "../../tensor/parameter";
import { outsideScopes } from "../../tensor/scope";
import { Operand } from "../../tensor/tensor";
import { type TreeBlock, walkBlocks, walkWeights } from "./tree";

/** Moves all weights in a tree of blocks to a device, and the constants in their fields. */
export function moveToDevice(root: TreeBlock, device: string): void {
  for (const { parameter } of walkWeights(root)) parameter.moveTo(device);
  for (const { block } of walkBlocks(root).entries) {
    const fields = block as unknown as { [field: string]: unknown };
    for (const [field, value] of Object.entries(fields))
      if (value instanceof Operand && !(value instanceof Parameter))
        fields[field] = outsideScopes(() => value.asTensor().to(device));
  }
}
