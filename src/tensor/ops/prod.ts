import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spread } from "../define/sumTo";

/**
 * The product along some axes, all by default.
 *
 * $y = \prod_i x_i$. `axis` is one axis or a list of axes, and defaults to all of them; negative axes count from the
 * end. The reduced axes are removed, or kept with length 1 if `keepDims` is true (default false): `[2, 3]` along axis 1
 * becomes `[2]` or `[2, 1]`. bool counts as int32, and int32 wraps around. The product of no values is 1. The gradient
 * is exact where values are 0. Source: NumPy `prod`.
 * @throws ShapeError if the tensor lacks an axis, or an axis is repeated.
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * x.prod(); // => 24
 * x.prod(0); // => [3, 8]
 */
export const prod: Reduction = defineReduction({
  name: "prod",
  info: {
    description: "The product along some axes, all of them by default.",
    formula: "y = \\prod_i x_i",
    source: "NumPy prod",
  },
  takes: "number",
  fold: defineFold("prod", "mul", (a, b) => a * b, Math.imul),
  start: () => 1,
  // The product of the other values is y / x. If x is 0, it is the product without x, or 0 if another value is 0 too.
  gradient({ x, gradient, attributes: { axes } }) {
    const zero = x.equal(0);
    const filled = zero.where(1, x);
    const product = filled.prod(axes, true);
    const zeros = zero.sum(axes, true);
    const others = zeros.equal(0).where(product.div(filled), zeros.equal(1).logicalAnd(zero).where(product, 0));
    return spread(gradient, x.shape, axes).mul(others);
  },
});
