import { formatTensor } from "../../base/formatTensor";
import type { Json } from "../../base/info";
import { formatShape } from "../../base/shape";
import type { CellOutputs, NotebookOutput, NotebookOutputs } from "../../notebook/notebookOutput";
import { errorOutput, resultOutput, streamOutput } from "../../notebook/notebookOutput";
import type {
  DeviceDescription,
  Output,
  PlotSnapshot,
  Progress,
  SessionError,
  TensorSnapshot,
} from "../../protocol/protocol";
import type { CellRun } from "./runState";

/** Converts outputs of cells for a notebook file: text for every program, with our own format next to it. */
export function notebookOutputs(runs: Readonly<Record<string, CellRun>>): NotebookOutputs {
  const all = Object.entries(runs).map(([id, { run, outputs }]): [string, CellOutputs] => [
    id,
    { executionCount: run, outputs: outputs.map((output) => fileOutput(output, run)) },
  ]);
  return new Map(all);
}

function fileOutput(output: Output, run: number): NotebookOutput {
  switch (output.type) {
    case "text":
      return streamOutput(output.text, output.level ? "stderr" : "stdout");
    case "value":
      return resultOutput(run, output.text);
    case "error":
      return errorOf(output.error);
    case "check":
      return streamOutput(`${output.passed ? "passed" : "failed"}: ${output.message}\n`);
    default:
      if (output.printed) return streamOutput(`${plainText(output)}\n`);
      return resultOutput(run, plainText(output), plainJson(output));
  }
}

/** With the location as its traceback: other programs show only that. */
function errorOf({ name, message, place }: SessionError): NotebookOutput {
  const where = place ? [`  in cell ${place.cell}, line ${place.line}, column ${place.column}`] : [];
  return errorOutput(name, message, [`${name}: ${message}`, ...where]);
}

type Picture = Exclude<Output, { type: "text" | "value" | "error" | "check" }>;

function plainText(output: Picture): string {
  switch (output.type) {
    case "tensor":
      return plainTensor(output.tensor);
    case "tensors":
      return output.tensors.map(plainTensor).join("\n");
    case "images":
      return `${output.images.count} images of ${output.images.height} x ${output.images.width}`;
    case "plot":
      return plainPlot(output.plot);
    case "devices":
      return output.devices.map(plainDevice).join("\n");
    case "summary":
      return [
        ...output.summary.map(
          ({ depth, kind, path, outputShape, count }) =>
            `${"  ".repeat(depth)}${kind} ${path} ${outputShape ? formatShape(outputShape) : "?"} ${count}`,
        ),
        `total ${output.totals.total}, trainable ${output.totals.trainable}`,
      ].join("\n");
    case "progress":
      return plainProgress(output.progress);
    case "weights":
      return output.rows.map(({ file, path, status }) => `${file ?? "-"} -> ${path ?? "-"}: ${status}`).join("\n");
  }
}

function plainTensor({ name, shape, dtype, device, values, truncated }: TensorSnapshot): string {
  const head = `${name ? `${name}: ` : ""}Tensor(shape=${formatShape(shape)}, dtype=${dtype}, device=${device})`;
  const first = truncated ? values.slice(0, 100) : values;
  return `${head}\n${formatTensor(truncated ? [first.length] : shape, dtype, first)}${truncated ? " ..." : ""}`;
}

const plainRows = 100;

/** A plot as a table of its first rows. */
function plainPlot({ kind, title, xLabel, yLabel, x, categories, series }: PlotSnapshot): string {
  const places = categories.length > 0 ? categories : x.map(String);
  const rows = [
    [xLabel || "x", ...series.map(({ name }) => name)],
    ...places.slice(0, plainRows).map((place, row) => [place, ...series.map(({ y }) => String(y[row]))]),
  ];
  const head = [title || `${kind} plot`, yLabel && `(${yLabel})`].filter(Boolean).join(" ");
  const rest = places.length > plainRows ? [`... ${places.length - plainRows} more`] : [];
  return [head, ...rows.map((row) => row.join("\t")), ...rest].join("\n");
}

function plainDevice(info: DeviceDescription): string {
  const { device, vendor, architecture, description, software, bytesInUse, peakBytes, buffers, dispatches } = info;
  const what = [vendor, architecture, description].filter(Boolean).join(" ") || "unnamed";
  return [
    `${device}: ${what}${software ? " (software)" : ""}`,
    `  ${bytesInUse} bytes in use, ${peakBytes} at most; ${buffers} buffers, ${dispatches} dispatches`,
    ...Object.entries(info.limits).map(([name, value]) => `  ${name} ${value}`),
    `  features: ${info.features.join(", ") || "none"}`,
  ].join("\n");
}

function plainProgress({ epoch, epochs, step, steps, loss, logs, seconds, device, state }: Progress): string {
  const values = Object.keys(logs).length > 0 ? Object.entries(logs) : [["loss", loss]];
  const numbers = values.map(([name, value]) => `${name} ${value}`).join(", ");
  return `${state}: epoch ${epoch} of ${epochs}, step ${step} of ${steps}, ${numbers}, ${seconds} s on ${device}`;
}

/** JSON of a snapshot: typed arrays as lists, values that are not finite as their names. */
function plainJson(output: Picture): Json {
  return JSON.parse(
    JSON.stringify(output, (_, value: unknown) => {
      if (value instanceof Uint8Array) return Array.from(value);
      return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
    }),
  ) as Json;
}
