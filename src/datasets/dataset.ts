import { ArgumentError } from "../base/errors";
import type { FieldInfo, KindInfo } from "../base/info";
import type { Tensor } from "../tensor/tensor";

/** Rows of a data set. */
export interface Examples {
  /** Inputs: float32 `[rows, ...]`. */
  x: Tensor;
  /** True values in the order of `x`: int32 classes `[rows]`, or float32 `[rows, 1]` for a regression. */
  y: Tensor;
}

/** A data set: rows for training and for testing. */
export interface Dataset {
  /** Rows to train on. */
  train: Examples;
  /** Rows to test with, none of them in `train`. */
  test: Examples;
  /** Name of each class, by number. Empty for a regression. */
  classNames: string[];
}

/** Function that loads a data set, with the declaration of its options. */
export type DatasetKind<Options> = ((
  options?: Options & {
    /** Device of the tensors. Defaults to the default device. */
    device?: string;
  },
) => Promise<Dataset>) & { info: KindInfo };

/**
 * Defines a kind of data set.
 * @param load receives the options with their defaults filled in, checked against the types and ranges of `info`
 */
export function defineDataset<Options extends object>(
  info: KindInfo,
  load: (fields: Required<Options>, device: string | undefined) => Promise<Dataset> | Dataset,
): DatasetKind<Partial<Options>> {
  const create = async ({ device, ...options }: Partial<Options> & { device?: string } = {}): Promise<Dataset> => {
    const fields = Object.fromEntries(info.fields.map((field) => [field.name, field.default])) as Record<
      string,
      unknown
    >;
    for (const [name, value] of Object.entries(options)) {
      const field = info.fields.find((one) => one.name === name);
      if (!field) throw unknownOption(info, name);
      if (value === undefined) continue;
      checkField(info, field, value);
      fields[name] = value;
    }
    return load(fields as Required<Options>, device);
  };
  return Object.assign(create, { info });
}

function unknownOption({ kind, fields }: KindInfo, name: string): ArgumentError {
  const known = [...fields.map((field) => field.name), "device"].join(", ");
  return new ArgumentError({ at: `datasets.${kind}()`, expected: `options ${known}`, got: name });
}

function checkField(
  { kind }: KindInfo,
  { name, type, min = -Infinity, max = Infinity }: FieldInfo,
  value: unknown,
): void {
  const number = typeof value === "number" && Number.isFinite(value) && (type !== "integer" || Number.isInteger(value));
  if (number && value >= min && value <= max) return;
  const what = type === "integer" ? "a whole number" : "a number";
  throw new ArgumentError({
    at: `datasets.${kind}()`,
    expected: `${name} as ${what} from ${min} to ${max}`,
    got: String(value),
  });
}

/** Option of every data set that is drawn or shuffled. */
export const seedField: FieldInfo = {
  name: "seed",
  title: { en: "Seed", zh: "随机种子" },
  type: "integer",
  default: 0,
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
};
