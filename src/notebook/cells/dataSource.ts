/** The values of a data cell's form. */
export interface DataFields {
  /** The dataset's kind in the catalogue. */
  dataset: string;
  seed: number;
  /** The number of examples that the cell loads. */
  count: number;
  /** True if its inputs are images, which are shown as images. */
  images: boolean;
  /** Distinguishes the variables of several data cells: "" or a number. */
  suffix: string;
}

export const firstData: DataFields = { dataset: "digits", seed: 42, count: 32, images: true, suffix: "" };

/** Prints the source of a data cell in the only form that `readData` accepts. */
export function printData({ dataset, seed, count, images, suffix }: DataFields): string {
  const [data, inputs, labels] = ["data", "X", "y"].map((name) => name + suffix);
  const take = (part: string) => `${data}.train.${part}.slice([0], [${count}])`;
  return [
    `const ${data} = await datasets.${dataset}({ seed: ${seed} });`,
    `const ${inputs} = ${take("x")};`,
    `const ${labels} = ${take("y")};`,
    images ? `images(${inputs}, { labels: ${labels}, classNames: ${data}.classNames })` : inputs,
  ].join("\n");
}

const head = /^const data(\d*) = await datasets\.([A-Za-z]+)\(\{ seed: (\d{1,15}) \}\);\n/;
const count = /\.slice\(\[0\], \[(\d{1,9})\]\)/;

/** Returns the fields of a data cell; null if the form cannot show its source. */
export function readData(source: string): DataFields | null {
  const [, suffix, dataset, seed] = head.exec(source) ?? [];
  const [, taken] = count.exec(source) ?? [];
  if (suffix === undefined || !dataset || !seed || !taken) return null;
  const fields = { dataset, seed: Number(seed), count: Number(taken), suffix };
  return [true, false].map((images) => ({ ...fields, images })).find((one) => printData(one) === source.trim()) ?? null;
}

/** Returns a suffix with which all of the form's variables are unused. */
export function freshSuffix(used: ReadonlySet<string>): string {
  const taken = (suffix: string) => ["data", "X", "y"].some((name) => used.has(name + suffix));
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? "" : String(number);
    if (!taken(suffix)) return suffix;
  }
}
