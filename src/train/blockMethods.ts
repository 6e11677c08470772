/**
 * Adds `compile`, `fit`, `evaluate` and `predict` to blocks. They are declared here because blocks do not import
 * training.
 */
import { Block } from "../nn/block/block";
import type { TensorData } from "../tensor/creation";
import type { Operand, Tensor } from "../tensor/tensor";
import { evaluate, type EvaluateOptions } from "./evaluate";
import { fit } from "./fit";
import type { FitOptions } from "./fitOptions";
import { predict, type PredictOptions } from "./predict";
import type { Logs } from "./run/metricSums";
import type { Inputs } from "./run/tables";
import { type CompileOptions, setTrainingConfig } from "./trainingConfig";
import type { History } from "./trainingHistory";

declare module "../nn/block/block" {
  interface Block {
    /**
     * Sets the optimizer, the loss and the metrics with which the block is trained and evaluated. Returns the block.
     *
     * `optimizer` defaults to `"rmsprop"` with a learning rate of 0.001, `metrics` to none; `loss` is required. Names
     * may be written in camel case or with underscores. Calling `compile` again replaces all settings and keeps the
     * weights.
     *
     * @throws ArgumentError for an unknown name or option, and for two metrics with the same name. The previous
     * settings then stay in force.
     * @see Keras, `Model.compile`
     * @example
     * const net = sequential([dense(2), activation("softmax")]);
     * net.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
     * Object.keys(await net.evaluate([[0], [1]], tensor([0, 1], { dtype: "int32" }))); // => ["loss", "accuracy"]
     */
    compile(options: CompileOptions): this;
    /**
     * Trains the compiled block on rows, `epochs` times over all of them in batches, and returns the values of each
     * epoch. The block is built by its first batch.
     *
     * One step computes the loss $L$ of a batch and its gradient with respect to all trainable parameters $w$, and lets
     * the optimizer update them, for example $w \leftarrow w - \eta \nabla_w L$. The loss of an epoch is the mean over
     * its rows: $\frac{1}{n} \sum_b n_b L_b$ for batches of $n_b$ rows, each with the weights that it was computed
     * with.
     *
     * Defaults: `epochs` 1, `batchSize` 32, `shuffle` true, `validationSplit` 0, `initialEpoch` 0. Training runs on the
     * device of the weights unless `device` names another one.
     *
     * @param x the inputs `[rows, ...]`, or a list of tensors for a block with several inputs
     * @param y the true values `[rows, ...]`, as the loss expects them
     * @returns the history `{ loss, accuracy, valLoss, valAccuracy }`, an array per name; `history.run` reports on the
     * run
     * @throws ArgumentError if the block has not been compiled or is in training already, and for options out of range.
     * @throws ShapeError for rows that do not match the block, the loss or each other.
     * @throws NotFiniteError for a step with a NaN or infinity; the error names the layer, and the weights are those
     * before that step.
     * @throws Cancelled if the cell is stopped.
     * @see Keras, `Model.fit`
     * @example
     * const net = dense(1, { kernelInitializer: initializers.zeros() });
     * net.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: "meanSquaredError" });
     * const history = await net.fit([[1], [2]], [[2], [4]], { epochs: 2 });
     * history.loss; // => [10, 1.06]
     * history.run.steps; // => 2
     */
    fit(x: Inputs, y: Operand | TensorData, options?: FitOptions): Promise<History>;
    /**
     * Computes the loss and the metrics of the compiled block over rows: `{ loss, accuracy }`. It changes no weights,
     * and layers such as dropout behave as in prediction.
     *
     * The loss is the mean over all rows. `batchSize` defaults to 32.
     *
     * @param x the inputs `[rows, ...]`, or a list of tensors for a block with several inputs
     * @param y the true values `[rows, ...]`
     * @throws ArgumentError if the block has not been compiled, and for a batch size below 1.
     * @throws ShapeError for rows that do not match the block, the loss or each other.
     * @see Keras, `Model.evaluate`
     * @example
     * const net = dense(1, { kernelInitializer: initializers.constant(1) });
     * net.compile({ loss: "meanSquaredError", metrics: { largest: (yTrue, yPred) => yPred.max() } });
     * await net.evaluate([[1], [2]], [[2], [4]]); // => { "loss": 2.5, "largest": 2 }
     */
    evaluate(x: Inputs, y: Operand | TensorData, options?: EvaluateOptions): Promise<Logs>;
    /**
     * Computes the block's output for all rows, batch by batch: `[rows, ...]` on the device of the weights. The block
     * need not be compiled, and layers such as dropout behave as in prediction.
     *
     * `batchSize` defaults to 32. Unlike `call`, it needs memory for the intermediate results of one batch only.
     *
     * @param x the inputs `[rows, ...]`, or a list of tensors for a block with several inputs
     * @throws ArgumentError for no rows or a batch size below 1.
     * @throws ShapeError if the block does not return a tensor with one row for each input row.
     * @see Keras, `Model.predict`
     * @example
     * const net = dense(1, { kernelInitializer: initializers.constant(3) });
     * await net.predict([[1], [2], [5]], { batchSize: 2 }); // => [[3], [6], [15]]
     */
    predict(x: Inputs, options?: PredictOptions): Promise<Tensor>;
  }
}

/** Defines a method that is not enumerable, because the enumerable properties of a block are its fields. */
function install(name: string, method: (net: Block, ...given: never[]) => unknown): void {
  Object.defineProperty(Block.prototype, name, {
    value(this: Block, ...given: never[]) {
      return method(this, ...given);
    },
    writable: true,
    configurable: true,
  });
}

install("compile", (net, options: CompileOptions) => {
  setTrainingConfig(net, options);
  return net;
});
install("fit", fit);
install("evaluate", evaluate);
install("predict", predict);
