import type { FieldInfo } from "../base/info";
import { type Key, keyOf, randomBits, unit24 } from "../base/randomKeys";
import { tensor } from "../tensor/creation";
import { type Dataset, defineDataset, type DatasetKind, type Examples, seedField } from "./dataset";

/** Options of a data set of points. */
export interface PointOptions {
  /** Number of points, 5 to 100,000. Four fifths are for training, the rest for testing. Defaults to 500. */
  count: number;
  /**
   * Standard deviation of the normal noise added to each coordinate (in a regression, to the value), 0 to 1. The
   * default is stated at each data set.
   */
  noise: number;
  /** Seed of the random numbers, an integer from 0. Defaults to 0. */
  seed: number;
}

/** Random numbers of one data set, in the order of the calls. */
export class PointRandom {
  private readonly bits: Uint32Array;
  private at = 0;

  constructor(key: Key, size: number) {
    this.bits = randomBits(key, size);
  }

  /** Returns a uniform number in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.bits[this.at++]! >>> 8) * unit24;
  }

  /**
   * Returns a normal number with mean 0 and standard deviation 1.
   * @see Box and Muller, 1958
   */
  normal(): number {
    // 1 - u is never 0, so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(this.uniform(0, 2 * Math.PI));
  }
}

/** Random words per point: at least as many as any kind draws. */
const wordsPerPoint = 8;

/** Coordinates of a point, and its class or value. */
export type Point = readonly [x: number, y: number, target: number];

/** Definition of a data set of points. */
interface PointKind {
  kind: string;
  title: FieldInfo["title"];
  description: FieldInfo["title"];
  /** Default of the option `noise`. */
  noise: number;
  /** Names of the classes. Empty for a regression, whose y is float32 `[n, 1]`. */
  classNames: string[];
  /** Returns a point without noise, except for noise that it draws itself. */
  place(index: number, draw: PointRandom, options: PointOptions): Point;
}

/**
 * Defines a data set of points in the plane, drawn from a seed: x float32 `[n, 2]`, y int32 `[n]`. The classes
 * alternate, so that both parts have about equally many points of each.
 */
export function definePoints({
  kind,
  title,
  description,
  noise,
  classNames,
  place,
}: PointKind): DatasetKind<Partial<PointOptions>> {
  const fields: FieldInfo[] = [
    { name: "count", title: { en: "Points", zh: "点数" }, type: "integer", default: 500, min: 5, max: 100_000 },
    { name: "noise", title: { en: "Noise", zh: "噪声" }, type: "number", default: noise, min: 0, max: 1, step: 0.01 },
    seedField,
  ];
  return defineDataset<PointOptions>(
    { kind, title, description, exampleShape: [2], fields },
    (options, device): Dataset => {
      const draw = new PointRandom(keyOf(options.seed), options.count * wordsPerPoint);
      const regression = classNames.length === 0;
      const points = Array.from({ length: options.count }, (_, index): Point => {
        const [x, y, target] = place(index, draw, options);
        if (regression) return [x, y, target + options.noise * draw.normal()];
        return [x + options.noise * draw.normal(), y + options.noise * draw.normal(), target];
      });
      const part = (rows: readonly Point[]): Examples => {
        const targets = rows.map(([, , target]) => target);
        return {
          x: tensor(Float32Array.from(rows.flatMap(([x, y]) => [x, y])), { shape: [rows.length, 2], device }),
          y: regression
            ? tensor(Float32Array.from(targets), { shape: [rows.length, 1], device })
            : tensor(Int32Array.from(targets), { device }),
        };
      };
      const trainSize = Math.floor(options.count * 0.8);
      return { train: part(points.slice(0, trainSize)), test: part(points.slice(trainSize)), classNames };
    },
  );
}
