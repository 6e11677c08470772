import { Block } from "../nn/block";
import { Summary } from "../nn/summary";
import { Operand } from "../tensor/tensor";
import { formatTensor } from "../base/formatTensor";
import { Images } from "./images";
import { inspect } from "./inspect";
import type { Shown } from "./outputQueue";
import type { TensorSnapshot } from "./protocol";
import { cut, maxSnapshotValues, maxText } from "./sizes";
import { statisticsOf } from "./statistics";

/** Takes a tensor's values. Reading begins at once: what is freed or assigned after the call does not matter. */
async function snapshotOf(operand: Operand): Promise<TensorSnapshot> {
  const { shape, dtype, device } = operand;
  const values = await operand.data();
  return {
    shape,
    dtype,
    device,
    values: Array.from(values.subarray(0, maxSnapshotValues)),
    truncated: values.length > maxSnapshotValues,
    statistics: statisticsOf(values),
  };
}

function showSummary({ rows, totals }: Summary): Shown {
  return { output: { type: "summary", summary: rows, totals } };
}

/** What has a form of its own on the page. */
function showAlone(value: unknown): Shown | Promise<Shown> | undefined {
  if (value instanceof Block) return showSummary(value.summary());
  if (value instanceof Summary) return showSummary(value);
  if (value instanceof Operand) return snapshotOf(value).then((tensor) => ({ output: { type: "tensor", tensor } }));
  if (value instanceof Images) {
    return value
      .snapshot()
      .then((images) => ({ output: { type: "images", images }, transfer: [images.pixels.buffer] }));
  }
  return undefined;
}

/** Stands for what has a form of its own, inside a list or an object. */
function describeInside(value: object): string | undefined {
  const known = [Operand, Block, Images, Summary].some((kind) => value instanceof kind);
  return known ? String(value) : undefined;
}

function textOf(value: unknown): string | Promise<string> {
  if (typeof value === "string") return value;
  if (!(value instanceof Operand)) return inspect(value, describeInside);
  const { shape, dtype } = value;
  return value.data().then((values) => formatTensor(shape, dtype, values));
}

function lineOf(texts: readonly string[]): Shown {
  return { output: { type: "text", text: `${cut(texts.join(" "), maxText - 1)}\n` } };
}

/**
 * What `print` shows of its arguments, as they are now: one tensor of rank 1 or more, a model or images alone
 * as on the page; all else as one line of text, strings raw.
 */
export function showPrinted(values: readonly unknown[]): Shown | Promise<Shown> {
  const [first] = values;
  const scalar = first instanceof Operand && first.shape.length === 0;
  const alone = values.length === 1 && !scalar ? showAlone(first) : undefined;
  if (alone) return alone;
  const texts = values.map(textOf);
  return texts.every((text) => typeof text === "string") ? lineOf(texts) : Promise.all(texts).then(lineOf);
}

/** What a cell shows of the value of its last expression. */
export function showValue(value: unknown): Shown | Promise<Shown> {
  return showAlone(value) ?? { output: { type: "value", text: cut(inspect(value, describeInside), maxText) } };
}
