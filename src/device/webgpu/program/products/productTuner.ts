/** Finds the fastest variant of a product on an adapter by measurement. */
import type { ProductLoop } from "../../../form";
import type { ProductVariant } from "./variant";

/** A product that any variant can compute: `ProductTrial`. */
export interface TimedProduct {
  resultBy(variant: ProductVariant): Promise<Float32Array>;
  /** Resolves when the product has been computed `times` times. */
  run(variant: ProductVariant, times: number): Promise<void>;
  dispose(): void;
}

/** Shortest time that the clock measures reliably, in milliseconds. */
const leastMs = 2;
/**
 * Number of rounds in which the variants take turns. The shortest time of each counts, because other work can only
 * lengthen a measurement.
 */
const rounds = 3;
/** A variant must take less than this share of the first variant's time to replace it. */
const gain = 0.95;
/** Longest side of a trial. Larger products behave alike, and measuring them would take long. */
const longest = 1024;

function classOf(length: number): number {
  return Math.min(2 ** Math.ceil(Math.log2(length)), longest);
}

/** Returns the product that represents all products of similar shape and equal access order. */
export function representative({ rows, columns, depth, aStrides, bStrides, batchShape }: ProductLoop): ProductLoop {
  const [r, c, d] = [classOf(rows), classOf(columns), classOf(depth)];
  const batches = Math.min(
    classOf(batchShape.reduce((all, length) => all * length, 1)),
    Math.max(1, longest ** 3 / (r * c * d)),
    16,
  );
  return {
    kind: "product",
    rows: r,
    columns: c,
    depth: d,
    aStrides: aStrides[1] === 1 ? [d, 1] : [1, r],
    bStrides: bStrides[1] === 1 ? [c, 1] : [1, d],
    batchShape: [batches],
    aBatch: [r * d],
    bBatch: [d * c],
  };
}

/** Undefined, the result of a rejected variant, equals nothing. */
function sameBits(a: Float32Array | undefined, b: Float32Array): boolean {
  if (!a) return false;
  const [left, right] = [a, b].map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length));
  return left!.length === right!.length && left!.every((bits, index) => bits === right![index]);
}

/**
 * Choices for one adapter. A variant is chosen only if its results are bit-identical to those of the first, so that a
 * choice by time changes no number: the same seed gives the same run.
 */
export class ProductTuner {
  private readonly chosen = new Map<string, Promise<ProductVariant>>();
  /** Trials run one at a time, because they would disturb each other's measurements. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly trialOf: (loop: ProductLoop) => TimedProduct,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Returns the fastest of the candidates for products of this shape. The first is the reference for bits. */
  fastest(loop: ProductLoop, candidates: readonly ProductVariant[]): Promise<ProductVariant> {
    const shape = representative(loop);
    const key = [JSON.stringify(shape), ...candidates.map(({ name }) => name)].join();
    let choice = this.chosen.get(key);
    if (!choice) {
      choice = this.queue.then(() => this.choose(shape, candidates));
      this.queue = choice;
      this.chosen.set(key, choice);
    }
    return choice;
  }

  /** Never rejects: returns the first variant if no trial succeeds. */
  private async choose(shape: ProductLoop, candidates: readonly ProductVariant[]): Promise<ProductVariant> {
    const [first, ...others] = candidates as [ProductVariant, ...ProductVariant[]];
    let trial: TimedProduct | undefined;
    try {
      trial = this.trialOf(shape);
      const tried = trial;
      // Concurrently, so that they compile in parallel.
      const [expected, ...results] = await Promise.all([
        tried.resultBy(first),
        ...others.map((one) => tried.resultBy(one).catch(() => undefined)),
      ]);
      const agreeing = others.filter((_, index) => sameBits(results[index], expected));
      return await this.shortest(trial, [first, ...agreeing]);
    } catch {
      return first;
    } finally {
      trial?.dispose();
    }
  }

  private async shortest(trial: TimedProduct, variants: readonly ProductVariant[]): Promise<ProductVariant> {
    const times = new Map<ProductVariant, number>();
    for (let round = 0; round < rounds; round++)
      for (const one of variants) times.set(one, Math.min(times.get(one) ?? Infinity, await this.timeOf(trial, one)));
    const [first] = variants as [ProductVariant];
    return variants.reduce(
      (best, one) => (times.get(one)! < times.get(best)! * (best === first ? gain : 1) ? one : best),
      first,
    );
  }

  /** Returns the milliseconds of one run, averaged over many if one is too short for the clock. */
  private async timeOf(trial: TimedProduct, variant: ProductVariant): Promise<number> {
    for (let times = 1; ; times *= 2) {
      const start = this.now();
      await trial.run(variant, times);
      const spent = this.now() - start;
      if (spent >= leastMs || times >= 1024) return spent / times;
    }
  }
}
