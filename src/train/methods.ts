/** Makes `compile`, `fit`, `evaluate` and `predict` methods of every block. */
import { Block } from "../nn/block";
import type { TensorData } from "../tensor/creation";
import type { Operand, Tensor } from "../tensor/tensor";
import { type CompileOptions, setCompiled } from "./compiled";
import { evaluate, type EvaluateOptions } from "./evaluate";
import { fit } from "./fit";
import type { FitOptions } from "./fitOptions";
import type { History } from "./history";
import type { Logs } from "./measures";
import { predict, type PredictOptions } from "./predict";
import type { Inputs } from "./tables";

declare module "../nn/block" {
  interface Block {
    /** Tells how the block is trained and judged. Returns the block. @see CompileOptions */
    compile(options: CompileOptions): this;
    /** Trains the block on rows. @see fit */
    fit(x: Inputs, y: Operand | TensorData, options?: FitOptions): Promise<History>;
    /** The loss and the metrics over rows. @see evaluate */
    evaluate(x: Inputs, y: Operand | TensorData, options?: EvaluateOptions): Promise<Logs>;
    /** What the block gives for rows, batch by batch. @see predict */
    predict(x: Inputs, options?: PredictOptions): Promise<Tensor>;
  }
}

/** Not enumerable: fields are what a block is made of. */
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
  setCompiled(net, options);
  return net;
});
install("fit", fit);
install("evaluate", evaluate);
install("predict", predict);
