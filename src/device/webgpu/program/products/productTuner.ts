/** Finds which variant of a product is fastest on an adapter, by trying. */
import type { ProductLoop } from "../../../form";
import type { ProductVariant } from "./variant";

/** A product that can be computed by any variant: `ProductTrial`. */
export interface TriedProduct {
  resultBy(variant: ProductVariant): Promise<Float32Array>;
  /** Resolves when it was computed so many times. */
  run(variant: ProductVariant, times: number): Promise<void>;
  dispose(): void;
}

/** A clock cannot tell times that are shorter, in milliseconds. */
const leastMs = 2;
/** Variants take turns so often, and the shortest of each counts: what else goes on makes times longer, never shorter. */
const rounds = 3;
/** How much faster than the first one a variant has to be. */
const gain = 0.95;
/** Larger products are as one of this length: they are in the same case, and trying them would take long. */
const longest = 1024;

function classOf(length: number): number {
  return Math.min(2 ** Math.ceil(Math.log2(length)), longest);
}

/** What stands for all products of about this shape that are read the same way. */
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

/** What a device refuses to compute agrees with nothing. */
function sameBits(a: Float32Array | undefined, b: Float32Array): boolean {
  if (!a) return false;
  const [left, right] = [a, b].map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length));
  return left!.length === right!.length && left!.every((bits, index) => bits === right![index]);
}

/**
 * One adapter's choices. Only variants that give the first one's bits are chosen, so that a choice, which is made by time,
 * changes no number: the same seed gives the same run whatever was chosen.
 */
export class ProductTuner {
  private readonly chosen = new Map<string, Promise<ProductVariant>>();
  /** Trials wait for each other: two at once would disturb each other's times. */
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly trialOf: (loop: ProductLoop) => TriedProduct,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The fastest of the candidates for products of this shape. The first is the one that the others have to agree with. */
  fastest(loop: ProductLoop, candidates: readonly ProductVariant[]): Promise<ProductVariant> {
    const shape = representative(loop);
    const key = [JSON.stringify(shape), ...candidates.map(({ name }) => name)].join();
    let choice = this.chosen.get(key);
    if (!choice) {
      choice = this.line.then(() => this.choose(shape, candidates));
      this.line = choice;
      this.chosen.set(key, choice);
    }
    return choice;
  }

  /** Never fails: where nothing can be tried it is the first. */
  private async choose(shape: ProductLoop, candidates: readonly ProductVariant[]): Promise<ProductVariant> {
    const [first, ...others] = candidates as [ProductVariant, ...ProductVariant[]];
    let trial: TriedProduct | undefined;
    try {
      trial = this.trialOf(shape);
      const tried = trial;
      // All at once, so that they are compiled beside each other.
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

  private async shortest(trial: TriedProduct, variants: readonly ProductVariant[]): Promise<ProductVariant> {
    const times = new Map<ProductVariant, number>();
    for (let round = 0; round < rounds; round++)
      for (const one of variants) times.set(one, Math.min(times.get(one) ?? Infinity, await this.timeOf(trial, one)));
    const [first] = variants as [ProductVariant];
    return variants.reduce(
      (best, one) => (times.get(one)! < times.get(best)! * (best === first ? gain : 1) ? one : best),
      first,
    );
  }

  /** Milliseconds of one run: of many, where one is too short for the clock. */
  private async timeOf(trial: TriedProduct, variant: ProductVariant): Promise<number> {
    for (let times = 1; ; times *= 2) {
      const start = this.now();
      await trial.run(variant, times);
      const spent = this.now() - start;
      if (spent >= leastMs || times >= 1024) return spent / times;
    }
  }
}
