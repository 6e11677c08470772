import { concat, losses, type Tensor, tensor, where } from "../index";

/** Losses of two inputs, [6, 8] and [8, 5], by name. */
export const closures: Record<string, (x: Tensor, w: Tensor) => Tensor> = {
  "a product with an epilogue": (x, w) => x.matmul(w).add(1).relu().sum(),
  "a softmax and its cross-entropy": (x, w) => {
    const labels = tensor([0, 1, 2, 3, 4, 0], { dtype: "int32", device: x.device });
    return losses.sparseCategoricalCrossentropy(labels, x.matmul(w), { fromLogits: true });
  },
  "normalised rows": (x) => x.sub(x.mean(-1, true)).div(x.variance(-1, true).add(1e-3).sqrt()).square().mean(),
  "rows of one element": (x) => {
    const column = x.slice([0, 0], [6, 1]);
    const sums = column.exp().sum(-1, true).sqrt().sum(-1, true).log().sum(-1);
    return sums.mul(sums.max()).mean();
  },
  "normalised columns": (x) => x.sub(x.mean(0, true)).div(x.variance(0, true).add(1e-3).sqrt()).abs().mean(),
  "long rows": (x, w) => concat([x, x, x, x, x, x, x, x, x, x, x, x], 1).softmax().mul(w.sum()).square().sum(),
  "many parts, some of them empty": (x) => {
    const none = x.slice([0], [0]);
    const rows = concat([x, none, x.slice([2]), x.exp(), none, x.slice([1], [3]).neg()], 0);
    return rows
      .square()
      .mean()
      .add(concat([none, none, none, none, none, none], 0).sum());
  },
  "views: transposed, sliced, padded, repeated": (x, w) =>
    x
      .transpose()
      .slice([1, 0], [6, 4])
      .pad([
        [0, 1],
        [2, 0],
      ])
      .reshape([36])
      .reshape([4, 9])
      .transpose()
      .sum(0)
      .mul(w.slice([0, 0], [4, 1]).reshape([4]))
      .sum(),
  "where and integers": (x) => where(x.greater(0), x.mul(3), x.square()).add(x.round().cast("int32").mul(2)).mean(),
  "gathered rows": (x) =>
    x
      .gather(tensor([5, 0, 0, -1], { dtype: "int32", device: x.device }))
      .tanh()
      .sum(),
  "a value used in many places": (x, w) => {
    const y = x.matmul(w).tanh();
    return y.mul(y).add(y.exp()).sum().add(y.max());
  },
  "one number folded twice": (x) => x.slice([0, 0], [1, 1]).square().mean().add(1).max().sum(),
  "one number": (x) => x.sum().mul(0.5),
  "products of batches": (x, w) =>
    x
      .reshape([2, 3, 8])
      .matmul(w.reshape([1, 8, 5]))
      .square()
      .mean(),
  "a loss that is its input": (x) => x.slice([0, 0], [1, 1]),
};
