/** Custom blocks as users write them in a cell, around built-in ones. */
import { Block, type Operand, type Tensor } from "../../index";

/** `x + inner(x)`. */
export class Residual extends Block {
  constructor(readonly inner: Block) {
    super();
  }

  forward(x: Operand): Tensor {
    return x.add(this.inner.call(x) as Tensor);
  }
}

/** `inner(inner(x))`: weights that are used twice. */
export class Twice extends Block {
  constructor(readonly inner: Block) {
    super();
  }

  forward(x: Operand): Tensor {
    return this.inner.call(this.inner.call(x)) as Tensor;
  }
}

/** Mean over the time steps of a sequence. */
export class MeanOfSteps extends Block {
  forward(x: Operand): Tensor {
    return x.mean(1);
  }
}

/** `sigmoid(inner(x)) x`. */
export class Gate extends Block {
  constructor(readonly inner: Block) {
    super();
  }

  forward(x: Operand): Tensor {
    return (this.inner.call(x) as Tensor).sigmoid().mul(x);
  }
}

export const wrappers = { Residual, Twice, Gate } as const;
export type WrapperName = keyof typeof wrappers;
