import { checkOptions } from "../../base/checkOptions";
import { ArgumentError } from "../../base/errors";
import { type PlotKind, type PlotSnapshot } from "../../protocol/protocol";
import { truncate, maxName, maxPlotPoints, maxPlotSeries } from "../../protocol/sizes";
import { Operand } from "../../tensor/tensor";

/**
 * Numbers for a plot: a tensor, a list or typed array, whose items may be promises or tensors of size 1, or a promise
 * of one of these.
 */
export type PlotValues = Operand | ArrayLike<unknown> | Promise<Operand | ArrayLike<unknown>>;

/** Options of `plot`. */
export interface PlotOptions {
  /** Values on the horizontal axis: numbers, or texts for groups of bars. Defaults to 0, 1, 2, ... */
  x?: PlotValues;
  /**
   * The series to draw, 1 to 16, each with a name and one value per value of `x`. Values that are not numbers leave a
   * gap.
   */
  series: readonly { name: string; y: PlotValues }[];
  /** Label of the horizontal axis, with its unit: `time (ms)`. Defaults to none. */
  xLabel?: string;
  /** Label of the vertical axis. Defaults to none. */
  yLabel?: string;
  /** Title of the plot. Defaults to none. */
  title?: string;
  /** True for a logarithmic horizontal axis, which omits values that are not positive. Defaults to false. */
  logX?: boolean;
  /** True for a logarithmic vertical axis, which omits values that are not positive. Defaults to false. */
  logY?: boolean;
  /** Shape of the series: `"line"`, `"bar"` or `"points"`. Defaults to `"line"`. */
  kind?: PlotKind;
}

/**
 * Lists of numbers by name, such as the history of `fit`. Values that are not lists are ignored. With `x` and `y`, one
 * line.
 */
export type PlotByName = Readonly<Record<string, unknown>>;

const optionNames: readonly (keyof PlotOptions)[] = [
  "x",
  "series",
  "xLabel",
  "yLabel",
  "title",
  "logX",
  "logY",
  "kind",
];

const kinds: readonly PlotKind[] = ["line", "bar", "points"];

/** A plot, as returned by `plot()`, to be shown or printed. */
export class Plot {
  readonly options: PlotOptions;

  constructor(options: PlotOptions) {
    this.options = options;
  }

  /**
   * Reads the current numbers, sorted by `x`. Reading starts immediately, so the tensors may be disposed after the
   * call.
   */
  async snapshot(): Promise<PlotSnapshot> {
    const { series, x, title = "", xLabel = "", yLabel = "", logX = false, logY = false, kind = "line" } = this.options;
    const [at, ...values] = await Promise.all([
      x === undefined ? undefined : itemsOf(x),
      ...series.map(async ({ y }) => numbersOf(await itemsOf(y))),
    ]);
    const categories = at?.some((item) => typeof item === "string")
      ? at.map((item) => truncate(String(item), maxName))
      : [];
    const count = at?.length ?? values[0]!.length;
    const places = at && categories.length === 0 ? numbersOf(at) : Array.from({ length: count }, (_, index) => index);
    const logarithmic = logX && categories.length === 0;
    checkLengths(count, series, values);
    const order = Array.from({ length: count }, (_, index) => index)
      .filter((index) => Number.isFinite(places[index]!) && (!logarithmic || places[index]! > 0))
      .sort((a, b) => places[a]! - places[b]!);
    return {
      kind,
      title: truncate(title, maxName),
      xLabel: truncate(xLabel, maxName),
      yLabel: truncate(yLabel, maxName),
      logX: logarithmic,
      logY,
      x: order.map((index) => places[index]!),
      categories: categories.length === 0 ? [] : order.map((index) => categories[index]!),
      series: series.map(({ name }, one) => ({
        name: truncate(name, maxName),
        y: order.map((index) => values[one]![index]!),
      })),
    };
  }

  toString(): string {
    return `plot of ${this.options.series.map(({ name }) => name).join(", ")}`;
  }
}

/** Returns the items of the values, each awaited. */
async function itemsOf(values: PlotValues): Promise<unknown[]> {
  const settled = await values;
  if (settled instanceof Operand) return Array.from(await settled.data());
  return Promise.all(Array.from(settled, async (item) => (item instanceof Operand ? item.item() : item)));
}

/** Converts items to numbers. Null, undefined and texts become NaN, which leaves a gap. */
function numbersOf(items: readonly unknown[]): number[] {
  return items.map((item) => (typeof item === "number" || typeof item === "boolean" ? Number(item) : NaN));
}

function checkLengths(count: number, series: PlotOptions["series"], values: readonly number[][]): void {
  const index = values.findIndex(({ length }) => length !== count);
  if (index >= 0) {
    throw new ArgumentError({
      at: `plot() series "${series[index]!.name}"`,
      expected: `${count} values, as many as ${count === values[0]!.length ? "the first" : "x"} has`,
      got: String(values[index]!.length),
    });
  }
  if (count <= maxPlotPoints) return;
  throw new ArgumentError({
    at: "plot()",
    expected: `at most ${maxPlotPoints} values per series`,
    got: String(count),
    remedy: "Plot every tenth value: values.filter((_, index) => index % 10 === 0).",
  });
}

function isValues(values: unknown): values is PlotValues {
  if (typeof values !== "object" || values === null) return false;
  return (
    values instanceof Operand || values instanceof Promise || typeof (values as ArrayLike<unknown>).length === "number"
  );
}

/**
 * Returns a plot to show under a cell, as its last value or through `print`: lines, bars or points over a common `x`.
 *
 * The argument is a list of numbers, `{ x, y }`, lists by name such as the history of `fit`, or an object of options
 * with `series`. `x` defaults to 0, 1, 2, ..., for a history to the epochs 1, 2, 3, ...; `kind` defaults to `"line"`,
 * `logX` and `logY` to false. A plot has at most 16 series of 20,000 values each.
 *
 * @throws ArgumentError for a missing series or a value of the wrong type, and, when the plot is shown, for series of
 * different lengths.
 * @example
 * const lines = plot({ x: [1, 2, 3], series: [{ name: "loss", y: [0.9, 0.5, 0.4] }], kind: "points" });
 * String(lines); // => "plot of loss"
 */
export function plot(given: PlotOptions | PlotValues | PlotByName): Plot {
  const options = optionsOf(given);
  const { series, x, kind = "line" } = options;
  const valid =
    Array.isArray(series) &&
    series.length > 0 &&
    series.length <= maxPlotSeries &&
    series.every((one) => typeof one?.name === "string" && isValues(one.y));
  if (!valid) {
    throw new ArgumentError({
      at: "plot()",
      expected: `1 to ${maxPlotSeries} series { name, y }, with y a tensor or a list of numbers`,
      got: Array.isArray(series) ? `${series.length} series` : typeof series,
      remedy:
        'plot({ series: [{ name: "loss", y: [3, 2, 1] }] }), plot([3, 2, 1]), plot({ x, y }), or plot(history) with the result of fit.',
    });
  }
  if (!kinds.includes(kind)) {
    throw new ArgumentError({
      at: "plot() kind",
      expected: kinds.map((one) => `"${one}"`).join(", "),
      got: `"${kind}"`,
    });
  }
  if (x !== undefined && !isValues(x)) {
    throw new ArgumentError({ at: "plot() x", expected: "a tensor or a list of numbers or texts", got: typeof x });
  }
  // Copies lists, because a loop may continue to fill them.
  return new Plot({ ...options, x: copyOf(x), series: series.map(({ name, y }) => ({ name, y: copyOf(y)! })) });
}

/** Normalizes the argument: a list, or `{ x, y }`, is one line; lists by name are one line each. */
function optionsOf(given: PlotOptions | PlotValues | PlotByName): PlotOptions {
  if (isValues(given)) return { series: [{ name: "", y: given }] };
  if (typeof given !== "object" || given === null) return {} as PlotOptions;
  if ("series" in given) {
    checkOptions("plot()", given, optionNames);
    return given as PlotOptions;
  }
  if ("x" in given && "y" in given) return optionsOfPair(given);
  const series = seriesByName(given);
  const epochs = epochsOf(given);
  if (epochs === undefined) return { series };
  return { series, x: Array.from({ length: epochs }, (_, index) => index + 1), xLabel: "epoch" };
}

function seriesByName(lists: PlotByName): PlotOptions["series"] {
  return Object.entries(lists).flatMap(([name, y]) => (isValues(y) && !isEmptyList(y) ? [{ name, y }] : []));
}

/** Reads `{ x, y, ...options }`, where `y` is one line or lines by name. */
function optionsOfPair({ y, ...options }: PlotByName): PlotOptions {
  checkOptions("plot({ x, y })", options, optionNames);
  const isNamed = typeof y === "object" && y !== null && !isValues(y);
  const series = isNamed ? seriesByName(y as PlotByName) : [{ name: "", y: y as PlotValues }];
  return { ...options, series };
}

/** Returns the number of epochs of a history of `fit`, or undefined for other objects. Epochs count from 1. */
function epochsOf(given: PlotByName): number | undefined {
  const { run } = given as { run?: { epochs?: unknown } };
  const isHidden = !Object.getOwnPropertyDescriptor(given, "run")?.enumerable;
  return isHidden && typeof run?.epochs === "number" ? run.epochs : undefined;
}

function isEmptyList(values: PlotValues): boolean {
  return Array.isArray(values) && values.length === 0;
}

function copyOf(values: PlotValues | undefined): PlotValues | undefined {
  return Array.isArray(values) ? [...(values as unknown[])] : values;
}
