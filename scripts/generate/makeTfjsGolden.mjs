/**
 * Writes src/testing/golden/tfjs.json: results of TensorFlow.js where it follows Keras. The inputs are those of
 * optimizers.json and losses.json, which the Python scripts in this folder generate.
 *
 * TensorFlow.js is not a dependency of this project: install it in another folder and pass that folder.
 *     npm install @tensorflow/tfjs@4.22.0     (there)
 *     node scripts/generate/makeTfjsGolden.mjs FOLDER
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const golden = join(import.meta.dirname, "..", "..", "src", "testing", "golden");
/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(join(golden, name), "utf8"));
const tf = createRequire(join(resolve(process.argv[2] ?? "."), "package.json"))("@tensorflow/tfjs");
await tf.setBackend("cpu");
const source = `TensorFlow.js ${tf.version.tfjs}`;

const { first, gradients } = read("optimizers.json");

/** @param {() => any} make */
function steps(make) {
  const variables = Object.fromEntries(
    Object.entries(first).map(([name, value]) => [
      name,
      tf.variable(tf.tensor(value), true, `${name}${Math.random()}`),
    ]),
  );
  const optimizer = make();
  /** @type {Record<string, object>} */
  const values = {};
  for (let step = 1; step <= 100; step++) {
    optimizer.applyGradients(
      Object.entries(variables).map(([name, variable]) => ({
        name: variable.name,
        tensor: tf.tensor(gradients[name][step - 1]),
      })),
    );
    if ([1, 2, 10, 100].includes(step))
      values[String(step)] = Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, value.arraySync()]),
      );
  }
  return values;
}

/**
 * Excluded: centred rmsprop, which subtracts its epsilon instead of adding it, and adadelta, which divides by the mean
 * square before the current gradient. Keras and PyTorch do neither.
 * @type {[string, object, () => any][]}
 */
const optimizers = [
  ["sgd", { learningRate: 0.01 }, () => tf.train.sgd(0.01)],
  ["rmsprop", {}, () => tf.train.rmsprop(0.001, 0.9, 0, 1e-7)],
  ["rmsprop", { momentum: 0.9, rho: 0.8 }, () => tf.train.rmsprop(0.001, 0.8, 0.9, 1e-7)],
  ["adagrad", {}, () => tf.train.adagrad(0.001, 0.1)],
  ["adagrad", { learningRate: 0.1, initialAccumulatorValue: 1 }, () => tf.train.adagrad(0.1, 1)],
  ["adamax", {}, () => tf.train.adamax(0.001, 0.9, 0.999, 1e-7)],
  ["adam", { preset: "pytorch", epsilon: 1e-7 }, () => tf.train.adam(0.001, 0.9, 0.999, 1e-7)],
];

const { targets, predictions, probabilities, labels, binary } = read("losses.json").inputs;
/** @param {unknown} values */
const t = (values) => tf.tensor(values);
const oneHot = tf.oneHot(tf.tensor1d(labels, "int32"), 4).toFloat();
const metrics = tf.metrics;

/**
 * Returns the mean over rows of a loss given by its Keras name, computed through an identity model.
 * @param {string} name @param {any} yTrue @param {any} yPred
 */
function lossByName(name, yTrue, yPred) {
  const model = tf.sequential({
    layers: [tf.layers.activation({ activation: "linear", inputShape: [yPred.shape[1]] })],
  });
  model.compile({ optimizer: "sgd", loss: name });
  return model.evaluate(yPred, yTrue).arraySync();
}

const losses = {
  meanSquaredError: lossByName("meanSquaredError", t(targets), t(predictions)),
  meanAbsoluteError: lossByName("meanAbsoluteError", t(targets), t(predictions)),
  meanAbsolutePercentageError: lossByName("meanAbsolutePercentageError", t(targets), t(predictions)),
  meanSquaredLogarithmicError: lossByName("meanSquaredLogarithmicError", t(targets), t(predictions)),
  logCosh: lossByName("logcosh", t(targets), t(predictions)),
  hinge: lossByName("hinge", t(binary).mul(2).sub(1), t(predictions)),
  squaredHinge: lossByName("squaredHinge", t(binary).mul(2).sub(1), t(predictions)),
  categoricalHinge: lossByName("categoricalHinge", oneHot, t(predictions)),
  klDivergence: lossByName("kullbackLeiblerDivergence", t(probabilities).reverse(0), t(probabilities)),
  poisson: lossByName("poisson", t(binary), t(probabilities)),
  cosineSimilarity: lossByName("cosineProximity", t(targets), t(predictions)),
  huber: tf.losses.huberLoss(t(targets), t(predictions), undefined, 1).arraySync(),
  binaryCrossentropy: lossByName("binaryCrossentropy", t(binary), t(probabilities)),
  categoricalCrossentropy: lossByName("categoricalCrossentropy", oneHot, t(probabilities)),
};

/** @param {any} values */
const mean = (values) => values.mean().arraySync();
/** @param {number[][]} rows */
const column = (rows) => t(rows.map((row) => row[0]));
const yes = t(probabilities).greater(0.5).toFloat();
const measured = {
  binaryAccuracy: mean(metrics.binaryAccuracy(t(binary), t(probabilities))),
  categoricalAccuracy: mean(metrics.categoricalAccuracy(oneHot, t(probabilities))),
  sparseCategoricalAccuracy: mean(metrics.sparseCategoricalAccuracy(t(labels), t(probabilities))),
  precision: metrics.precision(oneHot, yes).arraySync(),
  recall: metrics.recall(oneHot, yes).arraySync(),
  meanSquaredError: mean(metrics.meanSquaredError(t(targets), t(predictions))),
  meanAbsoluteError: mean(metrics.meanAbsoluteError(t(targets), t(predictions))),
  /** Of the first output only. */
  r2Score: metrics.r2Score(column(targets), column(predictions)).arraySync(),
  confusionMatrix: tf.math.confusionMatrix(tf.tensor1d(labels, "int32"), t(probabilities).argMax(-1), 4).arraySync(),
};

writeFileSync(
  join(golden, "tfjs.json"),
  `${JSON.stringify({
    source,
    optimizers: optimizers.map(([optimizer, options, make]) => ({ optimizer, options, source, values: steps(make) })),
    losses,
    metrics: measured,
  })}\n`,
);
