import { ArgumentError } from "../base/errors";
import type { Json, KindInfo } from "../base/info";
import type { Parameter } from "../tensor/parameter";
import type { Tensor } from "../tensor/tensor";
import type { Initializer } from "./initializer";
import { joinPath, tensorsOf, walkBlocks, walkWeights } from "./tree";

/** Sets what a block is made of apart from the fields that a person gives it: it is not enumerable. */
export function hide(block: object, fields: { [field: string]: unknown }): void {
  for (const [field, value] of Object.entries(fields)) {
    Object.defineProperty(block, field, { value, writable: true, enumerable: false, configurable: true });
  }
}

/** A block's place in its model: its name, its path, what it holds. The first third of `Block`. */
export abstract class Placed {
  // Fields that `build` sets need no declaration in a cell.
  // oxlint-disable-next-line typescript/no-explicit-any
  [field: string]: any;

  /** Replaces the field's name in paths. */
  declare name: string | undefined;
  /** Weights made by `addWeight`, in order. */
  declare readonly addedWeights: Parameter[];
  declare protected parentBlock: Placed | undefined;
  declare protected segment: string;

  constructor(name: string | undefined) {
    if (name !== undefined && (name === "" || name.includes("/"))) {
      throw new ArgumentError({ at: "Block name", expected: 'a name without "/"', got: JSON.stringify(name) });
    }
    hide(this, { name, addedWeights: [], parentBlock: undefined, segment: "" });
  }

  /** The block's result for its inputs: a Tensor, or a promise of one. */
  // oxlint-disable-next-line typescript/no-explicit-any
  abstract forward(...inputs: any[]): any;

  /** The children and their segments, where the fields are not the whole truth. */
  childEntries?(): [segment: string, child: Placed][];

  /** How errors name it: the class, and the path in its model. */
  get label(): string {
    const kind = (this.constructor as { info?: { title: { en: string } } }).info?.title.en ?? this.constructor.name;
    return this.path ? `${kind} "${this.path}"` : kind;
  }

  /** Where it is in its outermost model: `0/block-1`; "" for the model itself. */
  get path(): string {
    return this.parentBlock ? joinPath(this.parentBlock.path, this.segment) : "";
  }

  /** The values of the fields that its kind declares, as plain data. */
  get fieldValues(): { [field: string]: Json } {
    const { info } = this.constructor as { info?: KindInfo };
    return Object.fromEntries(
      (info?.fields ?? []).map((field) => [
        field.name,
        plainValue(this[field.name] ?? this.options?.[field.name] ?? field.default),
      ]),
    );
  }

  /** The tensors that its fields hold, for scopes to leave alone. */
  heldTensors(): Iterable<Tensor> {
    return tensorsOf(this);
  }

  /** Tells every block in the tree where it stands, so that paths are known before weights are drawn. */
  protected adopt(root: Placed): void {
    if (root.parentBlock) return;
    const tree = walkBlocks<Placed>(root);
    for (const { block, parent, segment } of tree.entries) {
      if (!parent) continue;
      block.parentBlock = parent.block;
      block.segment = segment;
    }
    for (const { path, parameter } of walkWeights<Placed>(root, tree)) parameter.path = path;
  }
}

/** A field's value as data: an initializer as its kind and fields, a function by its name. */
function plainValue(value: unknown): Json {
  if (typeof value !== "function") return (value ?? null) as Json;
  return (value as Initializer).config ?? value.name;
}
