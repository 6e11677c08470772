import { broadcastShapes } from "../../base/shape";
import { elementCost } from "../define/cost";
import { full } from "../creation";
import { elementShader, runMap } from "../define/map";
import { alignOperands, type OperandLike } from "../define/operands";
import { sumTo } from "../define/sumTo";
import { withoutTemporaries } from "../define/temporaries";
import { apply, type Op } from "../graph";
import { Operand, type Tensor } from "../tensor";
import { cast } from "./cast";

const shader = elementShader("where", {
  wgsl: "fn value(condition: i32, a: T, b: T) -> T {\n  return select(b, a, condition != 0);\n}",
  inputs: 3,
  reference: (condition, a, b) => (condition ? a : b),
});

const whereOp: Op<undefined> = {
  name: "where",
  info: {
    description: "Elements of the first tensor where a condition is true, of the second elsewhere.",
    source: "NumPy where",
  },
  infer([condition, a, b]) {
    const shape = broadcastShapes(condition!.shape, broadcastShapes(a!.shape, b!.shape, "where"), "where");
    return { shape, dtype: a!.dtype };
  },
  cost: elementCost,
  run: (call) => runMap(call, shader),
  gradient({ inputs: [condition, a, b], gradient }) {
    return [
      undefined,
      sumTo(where(condition!, gradient, 0), a!.shape),
      sumTo(where(condition!, 0, gradient), b!.shape),
    ];
  },
};

/**
 * `a` where a condition is true, else `b`, element by element, with broadcasting.
 *
 * $y = a$ where the condition is not 0, else $y = b$. `a` and `b` may be numbers or booleans. Mixed dtypes are
 * promoted, bool < int32 < float32. A value that is not chosen has no effect: its NaN is dropped, and its gradient is
 * 0. Source: NumPy `where`.
 * @throws ShapeError if the shapes do not broadcast.
 * @throws DeviceError if the tensors are on different devices.
 * @example
 * const x = tensor([-1, 2, -3]);
 * where(x.less(0), 0, x); // => [0, 2, 0]
 * x.less(0).where(tensor([10, 20, 30]), x); // => [10, 2, 30]
 */
export function where(condition: Operand, a: OperandLike, b: OperandLike): Tensor {
  return withoutTemporaries(() => {
    // Two plain numbers have no tensor that determines their dtype and device.
    const first = a instanceof Operand || b instanceof Operand ? a : full([], a, { device: condition.device });
    return apply(whereOp, [cast(condition, "bool"), ...alignOperands("where", [first, b])], undefined);
  });
}
where.op = whereOp;
