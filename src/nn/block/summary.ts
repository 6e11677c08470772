import { formatShape, type PartialShape, sizeOf } from "../../base/shape";
import { type BlockEntry, type TreeBlock, walkBlocks, walkWeights, type WeightEntry } from "./tree";

/** Row of a summary: one block. */
export interface SummaryRow {
  /** Path in the model: `0/block-1`. */
  path: string;
  /** Nesting depth, 0 for the model's own children. */
  depth: number;
  /** Title of a layer, class name of another block. */
  kind: string;
  /** Shape of the last result with the batch as null; null before the first call or build. */
  outputShape: PartialShape | null;
  /** Number of elements in the weights of the block and everything inside it. */
  count: number;
  /** False if none of its parameters is trained. */
  trainable: boolean;
}

/** Numbers of elements in all weights, each weight counted once. */
export interface SummaryTotals {
  /** All parameters and states. */
  total: number;
  /** Parameters that are trained. */
  trainable: number;
  /** Frozen parameters and states. */
  frozen: number;
}

/** The members of a block that a summary reads. */
export interface SummaryBlock extends TreeBlock {
  readonly label: string;
  readonly trainable: boolean;
  readonly lastOutputShape: PartialShape | null;
}

type Entry = BlockEntry<SummaryBlock>;

function sum(weights: readonly WeightEntry<SummaryBlock>[]): number {
  return weights.reduce((total, { parameter }) => total + sizeOf(parameter.shape), 0);
}

function isInside(owner: Entry | undefined, block: SummaryBlock): boolean {
  for (let entry = owner; entry; entry = entry.parent) if (entry.block === block) return true;
  return false;
}

/** Returns the title of a layer, or the class name of another block. */
export function kindTitle(block: object): string {
  return (block.constructor as { info?: { title: { en: string } } }).info?.title.en ?? block.constructor.name;
}

/** Summary of a model: one row for each block, nested; every weight is counted once. */
export class Summary {
  /** Label of the model. */
  readonly name: string;
  /** Rows of all blocks inside the model, depth first. */
  readonly rows: SummaryRow[];
  /** Totals over the whole model. */
  readonly totals: SummaryTotals;

  constructor(root: SummaryBlock) {
    const weights = walkWeights(root);
    this.name = root.label;
    this.rows = walkBlocks(root)
      .entries.slice(1)
      .map((entry) => ({
        path: entry.path,
        depth: depthOf(entry),
        kind: kindTitle(entry.block),
        outputShape: entry.block.lastOutputShape,
        count: sum(weights.filter(({ owner }) => isInside(owner, entry.block))),
        trainable: entry.block.trainable,
      }));
    const total = sum(weights);
    const trainable = sum(weights.filter(({ parameter }) => parameter.trainable));
    this.totals = { total, trainable, frozen: total - trainable };
  }

  /** Formats the summary as a table of text. */
  toString(): string {
    const cells = this.rows.map(({ path, depth, kind, outputShape, count }) => [
      `${"  ".repeat(depth)}${path} (${kind})`,
      outputShape ? formatShape(outputShape) : "?",
      String(count),
    ]);
    const table = [["Block", "Output shape", "Parameters"], ...cells];
    const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
    const lines = table.map((row) =>
      row.map((cell, column) => (column === 2 ? cell.padStart(widths[2]!) : cell.padEnd(widths[column]!))).join("  "),
    );
    const { total, trainable, frozen } = this.totals;
    return [this.name, ...lines, `Total ${total}, trainable ${trainable}, not trainable ${frozen}`].join("\n");
  }
}

function depthOf(entry: Entry): number {
  let depth = -1;
  for (let up = entry.parent; up; up = up.parent) depth++;
  return depth;
}
