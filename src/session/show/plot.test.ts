import { expect, test } from "vitest";
import { full, tensor } from "../../tensor/creation";
import "../../tensor/ops/methods";
import { plot, type PlotOptions } from "./plot";
import type { PlotSnapshot } from "../../protocol/protocol";
import { showPrinted, showValue } from "./show";

const plain: PlotSnapshot = {
  kind: "line",
  title: "",
  xLabel: "",
  yLabel: "",
  logX: false,
  logY: false,
  x: [0, 1],
  categories: [],
  series: [{ name: "a", y: [1, 2] }],
};

function snapshotOf(options: PlotOptions): Promise<PlotSnapshot> {
  return plot(options).snapshot();
}

test("numbers can be a list, a typed array, a tensor, losses, or promises of any of them", async () => {
  const y = [
    [1, 2],
    new Float32Array([1, 2]),
    tensor([1, 2]),
    [full([], 1), full([1], 2)],
    [Promise.resolve(1), 2],
    Promise.resolve(tensor([1, 2], { dtype: "int32" })),
  ];
  for (const values of y) expect(await snapshotOf({ series: [{ name: "a", y: values }] })).toEqual(plain);
});

test("texts and kind are passed on, and the values are sorted by x", async () => {
  const options: PlotOptions = {
    x: [100, 1, 10],
    series: [
      { name: "a", y: [3, 1, 2] },
      { name: "b", y: [true, null, NaN] },
    ],
    title: "T",
    xLabel: "n",
    yLabel: "time (ms)",
    logX: true,
    logY: true,
    kind: "points",
  };
  expect(await snapshotOf(options)).toEqual({
    kind: "points",
    title: "T",
    xLabel: "n",
    yLabel: "time (ms)",
    logX: true,
    logY: true,
    x: [1, 10, 100],
    categories: [],
    series: [
      { name: "a", y: [1, 2, 3] },
      { name: "b", y: [NaN, NaN, 1] },
    ],
  });
});

test("texts along x are category names in the given order", async () => {
  const shown = await snapshotOf({ kind: "bar", x: ["copy", "add"], logX: true, series: [{ name: "a", y: [1, 2] }] });
  expect(shown).toEqual({ ...plain, kind: "bar", categories: ["copy", "add"] });
});

test("a position that the axis cannot show is omitted with its values", async () => {
  const series = [{ name: "a", y: [1, 2, 3, 4] }];
  expect(await snapshotOf({ x: [0, 1, NaN, 2], series })).toMatchObject({ x: [0, 1, 2] });
  expect(await snapshotOf({ x: [0, 1, NaN, 2], series, logX: true })).toMatchObject({
    x: [1, 2],
    series: [{ y: [2, 4] }],
  });
});

test("a list that keeps growing is drawn as it was", async () => {
  const history = [1, 2];
  const made = plot({ series: [{ name: "a", y: history }] });
  history.push(3);
  expect(await made.snapshot()).toEqual(plain);
});

test("a single list is drawn, and so are named lists as fit returns them", async () => {
  expect(await plot([1, 2]).snapshot()).toEqual({ ...plain, series: [{ name: "", y: [1, 2] }] });
  expect(await plot(tensor([1, 2])).snapshot()).toEqual({ ...plain, series: [{ name: "", y: [1, 2] }] });
  const history = { loss: [2, 1], valLoss: [3, 2], run: { steps: 2 } };
  expect((await plot(history).snapshot()).series).toEqual([
    { name: "loss", y: [2, 1] },
    { name: "valLoss", y: [3, 2] },
  ]);
});

test("epochs of a history are counted from 1", async () => {
  const history = Object.defineProperty({ loss: [2, 1] }, "run", { value: { epochs: 2 } });
  expect(await plot(history).snapshot()).toEqual({
    ...plain,
    x: [1, 2],
    xLabel: "epoch",
    series: [{ name: "loss", y: [2, 1] }],
  });
});

test("x and y are one line, or several by name, with options next to them", async () => {
  const pair = plot({ x: [0, 1], y: tensor([1, 2]), title: "T" });
  expect(await pair.snapshot()).toEqual({ ...plain, title: "T", series: [{ name: "", y: [1, 2] }] });
  expect(await plot({ x: [0, 1], y: { a: [1, 2] } }).snapshot()).toEqual(plain);
  expect(() => plot({ x: [0, 1], y: [1, 2], titel: "T" })).toThrow("Did you mean `title`?");
  expect(() => plot({ series: [{ name: "a", y: [1] }], xlabel: "n" })).toThrow("Did you mean `xLabel`?");
});

test("invalid plots are rejected with a remedy", async () => {
  expect(() => plot({ series: [] })).toThrow('plot({ series: [{ name: "loss", y: [3, 2, 1] }] })');
  expect(() => plot(undefined as unknown as PlotOptions)).toThrow("got undefined");
  expect(() => plot({ series: [{ name: "a", y: 3 as unknown as number[] }] })).toThrow("y a tensor or a list");
  expect(() => plot({ x: 3 as unknown as number[], series: [{ name: "a", y: [1] }] })).toThrow("plot() x: expected");
  expect(() => plot({ kind: "pie" as "bar", series: [{ name: "a", y: [1] }] })).toThrow(
    'plot() kind: expected "line", "bar", "points", got "pie"',
  );
  await expect(snapshotOf({ x: [1, 2], series: [{ name: "a", y: [1] }] })).rejects.toThrow(
    'plot() series "a": expected 2 values, as many as x has, got 1.',
  );
  await expect(snapshotOf({ series: [{ name: "a", y: new Float32Array(20_001) }] })).rejects.toThrow(
    "Plot every tenth",
  );
});

test("a shown or printed plot is a separate output, inside other values a text", async () => {
  const made = plot({ series: [{ name: "a", y: [1, 2] }] });
  expect(await showValue(made)).toEqual({ output: { type: "plot", plot: plain } });
  expect(await showPrinted([made])).toEqual({ output: { type: "plot", plot: plain, printed: true } });
  expect(await showPrinted(["see", made])).toEqual({ output: { type: "text", text: "see plot of a\n" } });
});
