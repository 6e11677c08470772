/** End-to-end learning with `fit`: nets written as in a cell, trained on `CPU:0`. */
import { expect, test } from "vitest";
import { runNotebook } from "./runNotebook";

const empty = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] });

/** Runs a cell in a new session. */
async function runCell(source: string): Promise<unknown> {
  const { evaluate } = await runNotebook(empty);
  return evaluate(source);
}

const spiral = `
setSeed(1);
const { train, test } = await datasets.spiral();
const net = sequential([dense(32, { activation: "tanh" }), dense(32, { activation: "tanh" }), dense(2)]);
const loss = (yTrue, yPred) => losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true });
net.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss, metrics: ["accuracy"] });
const history = await net.fit(train.x, train.y, { epochs: 200 });
({ trained: history.accuracy.at(-1), ...(await net.evaluate(test.x, test.y)) });
`;

test("a small net classifies the arms of a spiral", async () => {
  const { trained, accuracy } = (await runCell(spiral)) as { trained: number; accuracy: number };
  expect(trained).toBeGreaterThan(0.95);
  expect(accuracy).toBeGreaterThan(0.95);
});

const leNet = `
setSeed(1);
const { train, test } = await datasets.fashionMnist();
const net = sequential([
  conv2d(6, 5, { padding: "same", activation: "relu" }),
  maxPool2d(2),
  conv2d(16, 5, { activation: "relu" }),
  maxPool2d(2),
  flatten(),
  dense(120, { activation: "relu" }),
  dense(84, { activation: "relu" }),
  dense(10),
]);
const loss = (yTrue, yPred) => losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true });
net.compile({ optimizer: optimizers.adam({ learningRate: 0.002 }), loss, metrics: ["accuracy"] });
await net.fit(train.x, train.y, { epochs: 6, batchSize: 64 });
await net.evaluate(test.x, test.y, { batchSize: 100 });
`;

test.runIf(import.meta.env.WEIGHTROOM_FULL)(
  "LeNet learns Fashion-MNIST: at least 80 % of the test images",
  async () => {
    const { accuracy } = (await runCell(leNet)) as { accuracy: number };
    expect(accuracy).toBeGreaterThanOrEqual(0.8);
  },
  600_000,
);
