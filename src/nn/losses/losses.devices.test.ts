/** Tests of losses and metrics on one device. */
import { describe, expect } from "vitest";
import { losses, metrics, ones, type Tensor, tensor, valueAndGrad } from "../../index";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import golden from "../../testing/golden/losses.json";
import tfjs from "../../testing/golden/tfjs.json";
import { expectClose, onDevice } from "../../testing/onDevice";
import { findKind } from "../define/findKind";
import type { LossKind } from "../define/loss";
import type { Metric } from "../define/metric";

type InputName = keyof typeof golden.inputs;

function input(name: string): Tensor {
  return tensor(golden.inputs[name as InputName], { dtype: name === "labels" ? "int32" : "float32" });
}

/** Returns the metric over several batches, as `fit` computes it. */
function overBatches(metric: Metric, yTrue: Tensor, yPred: Tensor, ends: readonly number[]): Tensor {
  const sums = ends.map((end, index) => {
    const begin = [ends[index - 1] ?? 0];
    return metric.update(yTrue.slice(begin, [end]), yPred.slice(begin, [end]));
  });
  return metric.result(sums.reduce((total, batch) => total.map((sum, index) => sum.add(batch[index]!))));
}

await openTestDevices();

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);

describe("losses", () => {
  for (const entry of golden.losses) {
    const { loss, options, yTrue, yPred, value, gradient } = entry;
    check(`${loss}(${JSON.stringify(options)}) matches PyTorch in value and gradient`, async () => {
      const given = input(yPred);
      const call = findKind<LossKind>(losses, loss, "test");
      const result = await valueAndGrad(() => call(input(yTrue), given, options), [given]);
      expect(result.value.shape).toEqual([]);
      await expectClose(result.value, value);
      await expectClose(result.grads[0]!, gradient);
    });
  }

  check("every loss has a case, and agrees with TensorFlow.js", async () => {
    expect([...new Set(golden.losses.map(({ loss }) => loss))].sort()).toEqual(Object.keys(losses).sort());
    const inputs: Record<string, [InputName, InputName]> = Object.fromEntries(
      golden.losses.map(({ loss, yTrue, yPred }) => [loss, [yTrue, yPred] as [InputName, InputName]]),
    );
    const own = { binaryCrossentropy: "binary", categoricalCrossentropy: "oneHot" } as Record<string, InputName>;
    for (const [name, value] of Object.entries(tfjs.losses)) {
      const [yTrue, yPred]: [InputName, InputName] = own[name] ? [own[name], "probabilities"] : inputs[name]!;
      await expectClose(findKind<LossKind>(losses, name, "test")(input(yTrue), input(yPred)), value);
    }
  });

  check("a sample weight multiplies its example's part of the loss; the mean is still over all", async () => {
    const sampleWeight = input("weights");
    const { meanSquaredError, sparseCategoricalCrossentropy } = golden.weighted;
    await expectClose(
      losses.meanSquaredError(input("targets"), input("predictions"), { sampleWeight }),
      meanSquaredError,
    );
    await expectClose(
      losses.sparseCategoricalCrossentropy(input("labels"), input("predictions"), { fromLogits: true, sampleWeight }),
      sparseCategoricalCrossentropy,
    );
    expect(() => losses.huber(ones([3, 2]), ones([3, 2]), { sampleWeight: ones([2]) })).toThrow(
      "huber() sampleWeight: expected float32 of the first axes of [3, 2], got float32 [2].",
    );
  });

  check("hinge accepts labels -1 and 1, or 0 and 1 in their place; labels can be integers and bools", async () => {
    const scores = tensor([0.5, -2, 3]);
    const expected = await losses.hinge(tensor([1, -1, -1]), scores).item();
    expect(await losses.hinge(tensor([1, 0, 0]), scores).item()).toBe(expected);
    expect(await losses.hinge(tensor([true, false, false]), scores).item()).toBe(expected);
    expect(await losses.meanAbsoluteError(tensor([1, 0], { dtype: "int32" }), tensor([0.5, 0])).item()).toBe(0.25);
  });

  check("extreme scores and zero rows have finite losses and gradients", async () => {
    const scores = tensor([[200, -200]]);
    const zero = tensor([[0, 0]]);
    const calls = [
      () => losses.binaryCrossentropy(tensor([[0, 1]]), scores, { fromLogits: true }),
      () => losses.logCosh(zero, scores),
    ];
    for (const call of calls) {
      const { value, grads } = await valueAndGrad(call, [scores]);
      expect([await value.item(), ...(await grads[0]!.data())].map(Number.isFinite)).toEqual([true, true, true]);
    }
    const { grads } = await valueAndGrad(() => losses.cosineSimilarity(tensor([[1, 1]]), zero), [zero]);
    expect([...(await grads[0]!.data())].map(Number.isFinite)).toEqual([true, true]);
  });

  check("an unknown option is rejected by name", async () => {
    expect(() => losses.binaryCrossentropy(ones([2]), ones([2]), { fromLogit: true } as object)).toThrow(
      "binaryCrossentropy(): expected options fromLogits, labelSmoothing, sampleWeight, got fromLogit. Did you mean `fromLogits`?",
    );
  });
});

describe("metrics", () => {
  const yTrue = { sparse: () => input("labels"), oneHot: () => input("oneHot"), binary: () => input("binary") };
  const scores = () => input("probabilities");

  check("metrics match TensorFlow.js, for one batch and over batches of unequal sizes", async () => {
    const column = (name: InputName) => input(name).slice([0, 0], [12, 1]);
    const cases: Record<string, [Metric, Tensor, Tensor, unknown]> = {
      binaryAccuracy: [metrics.binaryAccuracy, yTrue.binary(), scores(), tfjs.metrics.binaryAccuracy],
      categoricalAccuracy: [metrics.categoricalAccuracy, yTrue.oneHot(), scores(), tfjs.metrics.categoricalAccuracy],
      sparse: [metrics.sparseCategoricalAccuracy, yTrue.sparse(), scores(), tfjs.metrics.sparseCategoricalAccuracy],
      precision: [metrics.precision, yTrue.oneHot(), scores(), tfjs.metrics.precision],
      recall: [metrics.recall, yTrue.oneHot(), scores(), tfjs.metrics.recall],
      squared: [metrics.meanSquaredError, input("targets"), input("predictions"), tfjs.metrics.meanSquaredError],
      absolute: [metrics.meanAbsoluteError, input("targets"), input("predictions"), tfjs.metrics.meanAbsoluteError],
      r2Score: [metrics.r2Score, column("targets"), column("predictions"), tfjs.metrics.r2Score],
      r2ScoreOfFour: [metrics.r2Score, input("targets"), input("predictions"), golden.r2],
      confusionMatrix: [metrics.confusionMatrix, yTrue.sparse(), scores(), tfjs.metrics.confusionMatrix],
      top1: [metrics.topKAccuracy.with({ k: 1 }), yTrue.sparse(), scores(), golden.topK[1]],
      top2: [metrics.topKAccuracy.with({ k: 2 }), yTrue.oneHot(), scores(), golden.topK[2]],
      top3: [metrics.topKAccuracy.with({ k: 3 }), yTrue.sparse(), scores(), golden.topK[3]],
    };
    for (const [metric, truth, given, expected] of Object.values(cases)) {
      await expectClose(metric(truth, given), expected);
      await expectClose(overBatches(metric, truth, given, [5, 6, 12]), expected);
    }
    const error = metrics.rootMeanSquaredError(input("targets"), input("predictions"));
    expect((await error.item()) ** 2).toBeCloseTo(tfjs.metrics.meanSquaredError, 5);
    const { precision, recall } = tfjs.metrics;
    await expectClose(metrics.f1Score(yTrue.oneHot(), scores()), (2 * precision * recall) / (precision + recall));
  });

  check("accuracy chooses its kind by the shapes", async () => {
    const sparse = tfjs.metrics.sparseCategoricalAccuracy;
    await expectClose(metrics.accuracy(yTrue.sparse(), scores()), sparse);
    await expectClose(metrics.accuracy(yTrue.sparse().reshape([12, 1]), scores()), sparse);
    await expectClose(metrics.accuracy(yTrue.oneHot(), scores()), sparse);
    const yes = tensor([[0.9], [0.2], [0.6], [0.5]]);
    expect(await metrics.accuracy(tensor([1, 0, 0, 0], { dtype: "int32" }), yes).item()).toBe(0.75);
    expect(await metrics.accuracy(tensor([[1], [0], [0], [0]]), yes).item()).toBe(0.75);
    expect(() => metrics.accuracy(ones([3]), ones([4, 2]))).toThrow(
      "sparseCategoricalAccuracy(): expected yTrue [4], got [3].",
    );
  });

  check("topKAccuracy counts ties at the edge, but no NaN and no classes that do not exist", async () => {
    const given = tensor([
      [1, 1, 0],
      [NaN, 1, 0],
      [0, 1, 2],
      [0, 1, 2],
    ]);
    const labels = tensor([1, 0, 7, 0], { dtype: "int32" });
    expect(await metrics.topKAccuracy(labels, given, { k: 1 }).item()).toBe(0.25);
  });

  check("metrics with nothing to count are 0, and so is r2Score of constant labels with errors", async () => {
    const none = tensor([0, 0]);
    const values = [metrics.precision, metrics.recall, metrics.f1Score].map((metric) => metric(none, none).item());
    expect(await Promise.all(values)).toEqual([0, 0, 0]);
    expect(await metrics.r2Score(tensor([2, 2]), tensor([1, 2])).item()).toBe(0);
    expect(await metrics.r2Score(tensor([2, 2]), tensor([2, 2])).item()).toBe(1);
  });

  check("a confusion matrix of labels needs the number of classes", async () => {
    const labels = (...values: number[]) => tensor(values, { dtype: "int32" });
    const matrix = metrics.confusionMatrix(labels(0, 1, 1, 5), labels(0, 0, 1, 1), { classes: 2 });
    expect([matrix.dtype, await matrix.array()]).toEqual([
      "int32",
      [
        [1, 0],
        [1, 1],
      ],
    ]);
    expect(() => metrics.confusionMatrix(labels(0, 1), labels(0, 1))).toThrow(
      "confusionMatrix(): expected classes, where yPred are labels, got none. Pass { classes }.",
    );
  });
});
