/** Ops that make one value of what a window sees, channel by channel. */
import type { Shape } from "../../base/shape";
import { apply, type Op } from "../graph";
import { cast } from "../ops/cast";
import type { Operand, Tensor } from "../tensor";
import { withoutTemporaries } from "./temporaries";
import { layoutWindow, type Padding, type Pair, runWindow, type Window, windowOf, type windowShader } from "./window";

export interface PoolOptions {
  /** Default 2. */
  poolSize?: Pair;
  /** Default the pool's size. */
  strides?: Pair;
  /** Default "valid". */
  padding?: Padding;
}

type WindowShader = ReturnType<typeof windowShader>;

/** How to pool, and its gradient, which reads the images and the gradient of the result. */
interface PoolShaders {
  forward: WindowShader;
  backward: WindowShader;
}

export function definePool(
  name: string,
  info: Op["info"],
  { forward, backward }: PoolShaders,
): { op: Op<{ window: Window }>; call: (x: Operand, options?: PoolOptions) => Tensor } {
  const layoutOf = (image: Shape, window: Window) => layoutWindow(name, image, window);
  const gradientOp: Op<{ window: Window }> = {
    name: `${name}Gradient`,
    info: { description: `The gradient of ${name}.` },
    infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
    run({ inputs, result, attributes, run }) {
      runWindow({ run }, backward, inputs, result, layoutOf(result.shape, attributes.window));
    },
  };
  const op: Op<{ window: Window }> = {
    name,
    info,
    infer([x], { window }) {
      const { batch, rows, columns, channels } = layoutOf(x!.shape, window);
      return { shape: [batch, rows, columns, channels], dtype: x!.dtype };
    },
    run({ inputs, result, attributes, run }) {
      runWindow({ run }, forward, inputs, result, layoutOf(inputs[0]!.shape, attributes.window));
    },
    gradient: ({ inputs, gradient, attributes }) => [apply(gradientOp, [inputs[0]!, gradient], attributes)],
  };
  const call = (x: Operand, { poolSize = 2, ...options }: PoolOptions = {}) => {
    const window = windowOf(name, poolSize, poolSize, options);
    return withoutTemporaries(() => apply(op, [cast(x, "float32")], { window }));
  };
  return { op, call };
}
