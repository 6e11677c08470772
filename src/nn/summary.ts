import { formatShape, type PartialShape, sizeOf } from "../base/shape";
import { type BlockEntry, type TreeBlock, walkBlocks, walkWeights, type WeightEntry } from "./tree";

export interface SummaryRow {
  path: string;
  /** Nesting, 0 for the model's own children. */
  depth: number;
  kind: string;
  outputShape: PartialShape | null;
  /** Elements of the weights of the block and all in it. */
  count: number;
  trainable: boolean;
}

export interface SummaryTotals {
  total: number;
  trainable: number;
  frozen: number;
}

/** What a summary tells of a block. */
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

/** A block's kind as people know it: the built-in's title, or the class's name. */
export function kindTitle(block: object): string {
  return (block.constructor as { info?: { title: { en: string } } }).info?.title.en ?? block.constructor.name;
}

/** What is in a block: a row for each block, nested, every weight counted once. */
export class Summary {
  readonly name: string;
  readonly rows: SummaryRow[];
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

  /** As a table of text. */
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
