import { formatTensor } from "../../base/formatTensor";
import { Block } from "../../nn/block/block";
import { Summary } from "../../nn/block/summary";
import type { DeviceDescription, Output, TensorSnapshot, TextLevel, WeightRow } from "../../protocol/protocol";
import { truncate, maxDevices, maxName, maxSnapshotValues, maxTensors, maxText } from "../../protocol/sizes";
import { Parameter } from "../../tensor/parameter";
import { Operand, Tensor } from "../../tensor/tensor";
import { Images } from "./images";
import { inspect } from "./inspect";
import type { QueuedOutput } from "./outputQueue";
import { Plot } from "./plot";
import { statisticsOf } from "./statistics";

/**
 * Takes a snapshot of a tensor's values. Reading starts at once: freeing or assigning it after the call has no effect.
 */
async function snapshotOf(operand: Operand, called?: string): Promise<TensorSnapshot> {
  const { shape, dtype, device } = operand;
  const name = called ?? (operand instanceof Parameter ? operand.path : undefined);
  const values = await operand.data();
  return {
    ...(name !== undefined && { name: truncate(name, maxName) }),
    shape,
    dtype,
    device,
    values: Array.from(values.subarray(0, maxSnapshotValues)),
    truncated: values.length > maxSnapshotValues,
    statistics: statisticsOf(values),
  };
}

async function showTensor(operand: Operand): Promise<QueuedOutput> {
  return { output: { type: "tensor", tensor: await snapshotOf(operand) } };
}

async function showTensors(named: readonly NamedOperand[]): Promise<QueuedOutput> {
  const tensors = await Promise.all(named.map(([name, operand]) => snapshotOf(operand, name)));
  return { output: { type: "tensors", tensors } };
}

type NamedOperand = [name: string | undefined, operand: Operand];

/** Returns the tensors of a list, a Map or a plain object that contains only tensors; undefined for everything else. */
function tensorsIn(value: unknown): NamedOperand[] | undefined {
  const entries = entriesOf(value);
  const fits = entries.length > 0 && entries.length <= maxTensors;
  return fits && entries.every(([, item]) => item instanceof Operand) ? (entries as NamedOperand[]) : undefined;
}

function entriesOf(value: unknown): [name: string | undefined, item: unknown][] {
  if (Array.isArray(value)) return value.map((item) => [undefined, item]);
  if (value instanceof Map) return [...value].map(([key, item]) => [String(key), item]);
  const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) return [];
  // Getters are not run: such a field has no value, so it is not a tensor.
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value as object));
  return fields.map(([key, field]) => [key, field.value]);
}

async function showImages(value: Images): Promise<QueuedOutput> {
  const images = await value.snapshot();
  return { output: { type: "images", images }, transfer: [images.pixels.buffer] };
}

function showSummary({ rows, totals }: Summary): QueuedOutput {
  return { output: { type: "summary", summary: rows, totals } };
}

async function showPlot(value: Plot): Promise<QueuedOutput> {
  return { output: { type: "plot", plot: await value.snapshot() } };
}

const deviceKeys =
  "architecture buffers bytesInUse description device dispatches features limits peakBytes software vendor";

/** The result of `deviceInfo`, or a list of such results: plain data, recognized by its keys. */
function deviceInfosIn(value: unknown): DeviceDescription[] | undefined {
  const list = Array.isArray(value) ? value : [value];
  const fits = list.length > 0 && list.length <= maxDevices && list.every((item) => hasKeys(item, deviceKeys));
  return fits ? (list as DeviceDescription[]) : undefined;
}

const rowKeys = "file fileShape path shape status";

function hasKeys(value: unknown, keys: string): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).toSorted().join(" ") === keys;
}

/** The result of `loadWeights`: a plain list of rows, recognized by their keys. */
function isWeightReport(value: unknown): value is WeightRow[] {
  return Array.isArray(value) && value.length > 0 && value.every((row) => hasKeys(row, rowKeys));
}

/** Returns the output for values that the page shows in a special form. */
function showAlone(value: unknown): QueuedOutput | Promise<QueuedOutput> | undefined {
  if (value instanceof Operand) return showTensor(value);
  if (value instanceof Images) return showImages(value);
  if (value instanceof Plot) return showPlot(value);
  if (value instanceof Block) return showSummary(value.summary());
  if (value instanceof Summary) return showSummary(value);
  if (isWeightReport(value)) return { output: { type: "weights", rows: value } };
  const devices = deviceInfosIn(value);
  if (devices) return { output: { type: "devices", devices } };
  const tensors = tensorsIn(value);
  return tensors && showTensors(tensors);
}

/** Replaces such a value inside a list or an object. */
function describeInside(value: object): string | undefined {
  if (value instanceof Tensor || value instanceof Parameter) return value.toString();
  return value instanceof Block || value instanceof Images || value instanceof Plot ? value.toString() : undefined;
}

async function textOfTensor(operand: Operand): Promise<string> {
  const { shape, dtype } = operand;
  return formatTensor(shape, dtype, await operand.data());
}

function textOf(value: unknown): string | Promise<string> {
  if (typeof value === "string") return value;
  return value instanceof Operand ? textOfTensor(value) : inspect(value, describeInside);
}

function asPrinted(shown: QueuedOutput): QueuedOutput {
  return { ...shown, output: { ...shown.output, printed: true } as Output };
}

/** Joins texts by spaces; a text of several lines is put on separate lines. */
function lineOf(texts: readonly string[], level?: TextLevel): QueuedOutput {
  const line = texts.reduce((before, text, index) => {
    const several = text.includes("\n") || texts[index - 1]?.includes("\n");
    return `${before}${index === 0 ? "" : several ? "\n" : " "}${text}`;
  }, "");
  return { output: { type: "text", text: `${truncate(line, maxText - 1)}\n`, ...(level && { level }) } };
}

async function lineOfLater(texts: readonly (string | Promise<string>)[], level?: TextLevel): Promise<QueuedOutput> {
  return lineOf(await Promise.all(texts.map(async (text) => text)), level);
}

/** Output of `console.warn` and `console.error`: always a text, with its level. */
export function showLine(values: readonly unknown[], level?: TextLevel): QueuedOutput | Promise<QueuedOutput> {
  const texts = values.map(textOf);
  return texts.every((text) => typeof text === "string") ? lineOf(texts, level) : lineOfLater(texts, level);
}

/**
 * Output of `print` for the current values of its arguments. A single tensor of rank 1 or more, list of tensors, model
 * or images is shown as on the page; everything else as one text, with strings unquoted.
 */
export function showPrinted(values: readonly unknown[]): QueuedOutput | Promise<QueuedOutput> {
  const [first] = values;
  const scalar = first instanceof Operand && first.shape.length === 0;
  const alone = values.length === 1 && !scalar ? showAlone(first) : undefined;
  if (alone) return alone instanceof Promise ? alone.then(asPrinted) : asPrinted(alone);
  return showLine(values);
}

/** Output for the value of a cell's last expression. */
export function showValue(value: unknown): QueuedOutput | Promise<QueuedOutput> {
  return showAlone(value) ?? { output: { type: "value", text: truncate(inspect(value, describeInside), maxText) } };
}
