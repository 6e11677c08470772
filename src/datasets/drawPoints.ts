import type { FieldInfo } from "../base/info";
import { type Key, keyOf, randomBits, unit24 } from "../base/random";
import { tensor } from "../tensor/creation";
import { type Dataset, defineDataset, type DatasetKind, type Examples, seedField } from "./dataset";

export interface PointOptions {
  /** Of all points: four fifths are to train with, the rest to test. */
  count: number;
  /** The standard deviation of what is added to each coordinate (to the value, in a regression). */
  noise: number;
  seed: number;
}

/** Random numbers for one dataset, in the order they are asked for. */
export class Draw {
  private readonly bits: Uint32Array;
  private at = 0;

  constructor(key: Key, size: number) {
    this.bits = randomBits(key, size);
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.bits[this.at++]! >>> 8) * unit24;
  }

  /** Normal with mean 0 and deviation 1 (Box and Muller, 1958). */
  normal(): number {
    // 1 - u is never 0, so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(this.uniform(0, 2 * Math.PI));
  }
}

/** More words than a point of any kind takes. */
const wordsPerPoint = 8;

/** Where a point lies, and its class or value. */
export type Point = readonly [x: number, y: number, target: number];

interface PointKind {
  kind: string;
  title: FieldInfo["title"];
  description: FieldInfo["title"];
  /** The default noise. */
  noise: number;
  /** Empty for a regression, whose y is float32 [n, 1]. */
  classNames: string[];
  /** The point with this index, without noise but for what it draws itself. */
  place(index: number, draw: Draw, options: PointOptions): Point;
}

/**
 * A dataset of points in the plane, made from a seed: x float32 [n, 2], y int32
 * [n]. Points of the classes take turns, so that train and test hold equally many.
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
      const draw = new Draw(keyOf(options.seed), options.count * wordsPerPoint);
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
