import type { DType } from "../../base/dtype";
import { ArgumentError, ShapeError } from "../../base/errors";
import { foldIn, hashText, type Key } from "../../base/randomKeys";
import { formatShape, type Shape } from "../../base/shape";
import { withDevice } from "../../device/open";
import { Parameter } from "../../tensor/parameter";
import { outsideScopes } from "../../tensor/scope";
import { Operand, type Tensor } from "../../tensor/tensor";
import type { Initializer } from "../define/initializer";
import { glorotUniform } from "../initializers/glorotUniform";
import type { WeightSource } from "./deferredRequest";
import type { ModelPosition } from "./modelPosition";
import { joinPath } from "./tree";

/** Options of `addWeight`. */
export interface WeightOptions {
  /** Initializer of the value. Default glorotUniform. */
  initializer?: Initializer;
  /** Type of the elements. Default "float32". */
  dtype?: DType;
  /** False creates a state, which is saved but never trained. Default true. */
  trainable?: boolean;
}

/** Initializer and key of a weight, kept to draw it again. */
export interface WeightDraw {
  initializer: Initializer;
  key: Key;
}

/** Weights that one block created by `addWeight`: it draws them, and draws them again. */
export class AddedWeights {
  /** The weights in the order of their creation. */
  readonly list: Parameter[] = [];
  /** Origin of each weight. */
  readonly origins = new Map<Parameter, WeightDraw>();
  /** True if weights that are created from now on are not trained. */
  frozen = false;
  readonly #block: { readonly label: string };
  readonly #position: ModelPosition;

  /** @param block names the weights' block in errors */
  constructor(block: { readonly label: string }, position: ModelPosition) {
    this.#block = block;
    this.#position = position;
  }

  /** Creates a weight, see `Block.addWeight`. A stored request overrides its initializer, key or value. */
  add(
    name: string,
    shape: Shape,
    { initializer = glorotUniform(), dtype = "float32", trainable = true }: WeightOptions,
  ): Parameter {
    this.#checkName(name);
    const path = joinPath(this.#position.path, name);
    const source = this.#position.sourceOf(name, { shape, dtype });
    const origin: WeightDraw = {
      initializer: source?.initializer ?? initializer,
      key: source?.key ?? this.#keyFor(path),
    };
    const value = outsideScopes(() => source?.value ?? this.#draw(origin, shape, dtype));
    const parameter = new Parameter(name, value, { path, state: !trainable });
    if (this.frozen) parameter.trainable = false;
    if (source?.value) parameter.untouched = false;
    this.list.push(parameter);
    this.origins.set(parameter, origin);
    return parameter;
  }

  /** Draws a weight again. What the source lacks is as in the last draw; without any initializer, the value stays. */
  redraw(parameter: Parameter, source: WeightSource): void {
    const before = this.origins.get(parameter);
    const initializer = source.initializer ?? before?.initializer;
    if (!initializer) return;
    const origin: WeightDraw = { initializer, key: source.key ?? before?.key ?? this.#keyFor(parameter.path) };
    const { shape, dtype, device } = parameter;
    parameter.assign(outsideScopes(() => withDevice(device, () => this.#draw(origin, shape, dtype))));
    parameter.untouched = true;
    this.origins.set(parameter, origin);
  }

  /** Disposes of all weights and returns them. */
  discard(): Parameter[] {
    this.origins.clear();
    const discarded = this.list.splice(0);
    for (const parameter of discarded) parameter.dispose();
    return discarded;
  }

  #checkName(name: string): void {
    if (name !== "" && !name.includes("/") && !this.list.some((other) => other.name === name)) return;
    throw new ArgumentError({
      at: `${this.#block.label}.addWeight`,
      expected: 'a name of its own without "/"',
      got: JSON.stringify(name),
    });
  }

  #keyFor(path: string): Key {
    return foldIn(this.#position.modelKey, hashText(path));
  }

  #draw({ initializer, key }: WeightDraw, shape: Shape, dtype: DType): Tensor {
    const drawn = initializer(shape, { dtype, key });
    if (!(drawn instanceof Operand) || formatShape(drawn.shape) !== formatShape(shape)) {
      throw new ShapeError({
        at: `${this.#block.label}: its initializer`,
        expected: formatShape(shape),
        got: drawn instanceof Operand ? formatShape(drawn.shape) : String(drawn),
      });
    }
    return drawn.asTensor().cast(dtype);
  }
}
