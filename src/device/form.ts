/** Loops that shaders are made of. A plan makes one program of several of them, so it has to know how each runs. */

/**
 * What a shader computes for one element, where that depends on the inputs' values at its place alone. Loops over such
 * functions can be joined: a plan makes one program of a chain of them.
 */
export interface ElementFunction {
  /**
   * A WGSL function `value`. It takes the element's index (u32) if `indexed`, then a value of each input, then `scalars`
   * numbers (f32) and `words` unsigned whole numbers (u32). `T` is the result's type, `S` that of the first input.
   */
  readonly wgsl: string;
  /** The same in plain numbers. */
  readonly reference: (...values: number[]) => number;
  readonly indexed?: boolean;
  readonly inputs: number;
  readonly scalars?: number;
  readonly words?: number;
}

/** Every element of the result from its inputs' elements at one place each. */
export interface ElementLoop {
  readonly kind: "elements";
  readonly element: ElementFunction;
  /** Of the result, neighbouring axes joined where all strides allow. */
  readonly shape: readonly number[];
  /** Of each input along `shape`, in elements; 0 where it is broadcast. */
  readonly strides: readonly (readonly number[])[];
  /** First element of each input. */
  readonly offsets: readonly number[];
  readonly scalars: readonly number[];
  readonly words: readonly number[];
}

/** A function of two values whose order does not matter. */
export interface FoldFunction {
  /** A WGSL function `(a: T, b: T) -> T` of `shaders/functions/`. */
  readonly wgsl: string;
  readonly reference: (a: number, b: number) => number;
  /** For int32. */
  readonly integerReference: (a: number, b: number) => number;
}

/** Each element of the result folds the input's values along some axes. */
export interface FoldLoop {
  readonly kind: "fold";
  readonly fold: FoldFunction;
  /** What folding leaves as it is: 0 for a sum. */
  readonly start: number;
  readonly keptShape: readonly number[];
  readonly keptStrides: readonly number[];
  readonly reducedShape: readonly number[];
  readonly reducedStrides: readonly number[];
}

/** A batch of matrix products, each operand read through strides. */
export interface ProductLoop {
  readonly kind: "product";
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Of A along rows and depth, of B along depth and columns. */
  readonly aStrides: readonly [number, number];
  readonly bStrides: readonly [number, number];
  readonly batchShape: readonly number[];
  /** Strides of the batch's axes in A and B, 0 where broadcast. */
  readonly aBatch: readonly number[];
  readonly bBatch: readonly number[];
}

/** Rows of a table, by an order: `result[i] = table[order[start + i / inner] * inner + i % inner]`. */
export interface TakeLoop {
  readonly kind: "take";
  /** Elements of a row. */
  readonly inner: number;
  readonly start: number;
}

/** A window that slides over images [batch, height, width, channels]. */
export interface WindowSides {
  readonly batch: number;
  readonly channels: number;
  /** Along the height and the width. */
  readonly lengths: readonly [number, number];
  readonly places: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Padding above and to the left. */
  readonly before: readonly [number, number];
}

/**
 * Patches are what a window sees at each place, side by side: [batch, rows, columns, kernel height, kernel width, channels],
 * with 0 outside of the image.
 */
export interface WindowLoop extends WindowSides {
  readonly kind: "window";
  /** True for patches of images; false for images in which each pixel sums what all patches say of it. */
  readonly takes: boolean;
}

/** One value of what a window sees of a channel at each place: [batch, rows, columns, channels]. */
export interface PoolLoop extends WindowSides {
  readonly kind: "pool";
  /** `greatest`: the first of equals, the first NaN before all. `mean`: of what lies in the image. */
  readonly gives: "greatest" | "mean";
  /** True for the gradient by the images, of the images and the gradient of the result. */
  readonly gradient: boolean;
}

/** Writes all elements of the input into a part of the result. */
export interface PlaceLoop {
  readonly kind: "place";
  /** Of the input, neighbouring axes joined. */
  readonly shape: readonly number[];
  /** Along it, in the result. */
  readonly strides: readonly number[];
  /** Where in the result the first element goes. */
  readonly offset: number;
}

export type Form = ElementLoop | FoldLoop | ProductLoop | TakeLoop | WindowLoop | PoolLoop | PlaceLoop;
