import { defineFold } from "../define/reduce";
import { defineReduction, type Reduction } from "../define/reduction";
import { spread } from "../define/sumTo";

/** The product along `axis` (one, several, or all). bool counts as int32; int32 wraps. An empty product is 1. */
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
  // The product of the others is y / x, but where x is 0: there it is the product without it, unless another is 0 too.
  gradient({ x, gradient, attributes: { axes } }) {
    const zero = x.equal(0);
    const filled = zero.where(1, x);
    const product = filled.prod(axes, true);
    const zeros = zero.sum(axes, true);
    const others = zeros.equal(0).where(product.div(filled), zeros.equal(1).logicalAnd(zero).where(product, 0));
    return spread(gradient, x.shape, axes).mul(others);
  },
});
