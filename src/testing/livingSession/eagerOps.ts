/** Runs a random sequence of eager ops. */
import { concat, type Tensor, tidy, where } from "../../index";
import { Draw } from "./draw";
import type { Trained } from "./trained";

const steps: readonly ((x: Tensor, draw: Draw) => Tensor)[] = [
  (x) => x.tanh(),
  (x) => x.square().add(1).sqrt(),
  (x, draw) => x.mul(draw.between(-1, 1)).add(0.1),
  (x) => x.sub(x.mean(-1, true)),
  (x) => where(x.greater(0), x, x.mul(0.3)),
  (x) => x.softmax(-1),
  (x) => x.matmul(x.transpose()).tanh(),
  (x) => concat([x, x.neg()], 0),
  (x, draw) => x.slice([0], [draw.whole(1, x.shape[0]!)]),
  (x) => x.reshape([x.shape[1]!, x.shape[0]!]),
  (x) => x.cumulativeSum(0).mul(0.1),
  (x) => x.sum(0, true).add(x.max(1, true)),
  (x) => x.sigmoid().log().neg(),
];

const mostElements = 3000;

/** On the CPU the ops run at once. On the GPU they gather in one command batch until something is read. */
export async function eagerOps(trained: Trained, seed: number, inTidy: boolean): Promise<void> {
  const run = () => {
    const draw = new Draw(seed);
    const rows = trained.plan.rows;
    let x: Tensor = trained.x
      .cast("float32")
      .reshape([rows, trained.x.size / rows])
      .tanh();
    for (let left = draw.whole(3, 10); left > 0; left--) {
      const next = draw.pick(steps)(x, draw);
      if (next.size <= mostElements) x = next;
    }
    return x;
  };
  await trained.seeTensor("prediction", "eager ops", inTidy ? tidy(run) : run());
}
