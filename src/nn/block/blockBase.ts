import { ArgumentError } from "../../base/errors";
import type { Json, KindInfo } from "../../base/info";
import type { Parameter } from "../../tensor/parameter";
import type { Tensor } from "../../tensor/tensor";
import type { Initializer } from "../define/initializer";
import { joinPath, tensorsOf, walkBlocks, walkWeights } from "./tree";

/** Defines the internal fields of a block as not enumerable, so that only the user's own fields are enumerated. */
export function defineHidden(block: object, fields: { [field: string]: unknown }): void {
  for (const [field, value] of Object.entries(fields)) {
    Object.defineProperty(block, field, { value, writable: true, enumerable: false, configurable: true });
  }
}

/** A block's place in its model: its name, its path and its children. `Weighted` and `Block` extend it. */
export abstract class BlockBase {
  // Cells may set fields in `build` without declaring them.
  // oxlint-disable-next-line typescript/no-explicit-any
  [field: string]: any;

  /** Name that replaces the field name or index in paths, or undefined; without "/". */
  declare name: string | undefined;
  /** Weights created by `addWeight`, in order. */
  declare readonly addedWeights: Parameter[];
  declare protected parentBlock: BlockBase | undefined;
  declare protected segment: string;

  constructor(name: string | undefined) {
    if (name !== undefined && (name === "" || name.includes("/"))) {
      throw new ArgumentError({ at: "Block name", expected: 'a name without "/"', got: JSON.stringify(name) });
    }
    defineHidden(this, { name, addedWeights: [], parentBlock: undefined, segment: "" });
  }

  /**
   * Computes the block's result from its inputs. Subclasses implement it; use `call` to run a block.
   *
   * It may be async, for control flow that depends on values; `call` then returns a promise.
   * @param inputs what `call` was called with, including a last options object
   * @returns a tensor, or a promise of one
   * @example
   * class Double extends Block {
   *   forward(x: Tensor) {
   *     return x.mul(2);
   *   }
   * }
   * new Double().call(tensor([1, 2])); // => [2, 4]
   */
  // oxlint-disable-next-line typescript/no-explicit-any
  abstract forward(...inputs: any[]): any;

  /**
   * Lists the children with their segments in paths. Implement it only if children are not stored in fields.
   * @returns pairs of segment and block, in order
   * @example
   * const net = sequential([flatten(), dense(2)]);
   * net.childEntries().map(([segment]) => segment); // => ["0", "1"]
   */
  childEntries?(): [segment: string, child: BlockBase][];

  /** Name in error messages: the class or layer title, with the path if there is one: `Dense "head"`. */
  get label(): string {
    const kind = (this.constructor as { info?: { title: { en: string } } }).info?.title.en ?? this.constructor.name;
    return this.path ? `${kind} "${this.path}"` : kind;
  }

  /** Path in the outermost model: `0/block-1`; "" for the model itself and before its first call. */
  get path(): string {
    return this.parentBlock ? joinPath(this.parentBlock.path, this.segment) : "";
  }

  /** Values of the fields that the kind's `info` declares, as plain data. */
  get fieldValues(): { [field: string]: Json } {
    const { info } = this.constructor as { info?: KindInfo };
    return Object.fromEntries(
      (info?.fields ?? []).map((field) => [
        field.name,
        plainValue(this[field.name] ?? this.options?.[field.name] ?? field.default),
      ]),
    );
  }

  /** Tensors in this block's fields; scopes do not free them. */
  fieldTensors(): Iterable<Tensor> {
    return tensorsOf(this);
  }

  /** Sets parent, segment and path of every block in the tree, so that paths are known before weights are drawn. */
  protected adopt(root: BlockBase): void {
    if (root.parentBlock) return;
    const tree = walkBlocks<BlockBase>(root);
    for (const { block, parent, segment } of tree.entries) {
      if (!parent) continue;
      block.parentBlock = parent.block;
      block.segment = segment;
    }
    for (const { path, parameter } of walkWeights<BlockBase>(root, tree)) parameter.path = path;
  }
}

/** Converts a field's value to plain data: an initializer to its kind and fields, another function to its name. */
function plainValue(value: unknown): Json {
  if (typeof value !== "function") return (value ?? null) as Json;
  return (value as Initializer).config ?? value.name;
}
