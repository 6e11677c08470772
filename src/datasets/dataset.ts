import { ArgumentError } from "../base/errors";
import type { FieldInfo, KindInfo } from "../base/info";
import type { Tensor } from "../tensor/tensor";

/** Rows of inputs `x` and, in the same order, what should be said of them, `y`. */
export interface Examples {
  x: Tensor;
  y: Tensor;
}

export interface Dataset {
  train: Examples;
  test: Examples;
  /** By class number; empty where `y` is a quantity. */
  classNames: string[];
}

export type DatasetKind<Options> = ((options?: Options & { device?: string }) => Promise<Dataset>) & { info: KindInfo };

/**
 * A kind of dataset.
 * @param load gets the fields with the defaults of `info` filled in, checked against its types and ranges
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
  return new ArgumentError({ at: `datasets.${kind}()`, expected: `options of ${known}`, got: name });
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

/** The field that every drawn or shuffled dataset has. */
export const seedField: FieldInfo = {
  name: "seed",
  title: { en: "Seed", zh: "随机种子" },
  type: "integer",
  default: 0,
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
};
