/**
 * The forms of loops that shaders consist of. A plan joins several loops into one program, so it must know how each
 * runs.
 */

/**
 * The computation of a shader for one element, if it depends only on the inputs' values at that element. A plan can
 * join a chain of loops over such functions into one program.
 */
export interface ElementFunction {
  /**
   * A WGSL function `value`. Its arguments are the element's index (u32) if `indexed`, one value of each input,
   * `scalars` numbers (f32) and `words` unsigned integers (u32). `T` is the type of the result, `S` that of the first
   * input.
   */
  readonly wgsl: string;
  /** The same function in JavaScript. */
  readonly reference: (...values: number[]) => number;
  readonly indexed?: boolean;
  readonly inputs: number;
  readonly scalars?: number;
  readonly words?: number;
}

/** Computes each element of the result from one element of each input. */
export interface ElementLoop {
  readonly kind: "elements";
  readonly element: ElementFunction;
  /** Shape of the result; adjacent axes are merged where all strides allow it. */
  readonly shape: readonly number[];
  /** Strides of each input along `shape`, in elements; 0 where it is broadcast. */
  readonly strides: readonly (readonly number[])[];
  /** Index of the first element of each input. */
  readonly offsets: readonly number[];
  readonly scalars: readonly number[];
  readonly words: readonly number[];
}

/** A commutative function of two values. */
export interface FoldFunction {
  /** A WGSL function `(a: T, b: T) -> T` in `shaders/functions/`. */
  readonly wgsl: string;
  readonly reference: (a: number, b: number) => number;
  /** The variant for int32. */
  readonly integerReference: (a: number, b: number) => number;
}

/** Folds the input's values along some axes into each element of the result. */
export interface FoldLoop {
  readonly kind: "fold";
  readonly fold: FoldFunction;
  /** The neutral element of the fold: 0 for a sum. */
  readonly start: number;
  readonly keptShape: readonly number[];
  readonly keptStrides: readonly number[];
  readonly reducedShape: readonly number[];
  readonly reducedStrides: readonly number[];
}

/** A batch of matrix products whose operands are read through strides. */
export interface ProductLoop {
  readonly kind: "product";
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Strides of A along rows and depth, and of B along depth and columns. */
  readonly aStrides: readonly [number, number];
  readonly bStrides: readonly [number, number];
  readonly batchShape: readonly number[];
  /** Strides of the batch axes in A and B; 0 where broadcast. */
  readonly aBatch: readonly number[];
  readonly bBatch: readonly number[];
}

/** Gathers rows of a table in a given order: `result[i] = table[order[start + i / inner] * inner + i % inner]`. */
export interface TakeLoop {
  readonly kind: "take";
  /** Elements per row. */
  readonly inner: number;
  readonly start: number;
}

/** A window that slides over images `[batch, height, width, channels]`. */
export interface WindowSides {
  readonly batch: number;
  readonly channels: number;
  /** Image height and width. */
  readonly lengths: readonly [number, number];
  readonly positions: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Padding above and to the left. */
  readonly before: readonly [number, number];
}

/**
 * Patches are the contents of a window at each position, side by side, with 0 outside the image. Their shape is
 * `[batch, rows, columns, kernel height, kernel width, channels]`.
 */
export interface WindowLoop extends WindowSides {
  readonly kind: "window";
  /**
   * True if patches are gathered from images; false if images are summed from patches, each pixel over all its
   * occurrences.
   */
  readonly toPatches: boolean;
}

/** Reduces each channel of a window to one value at each position: `[batch, rows, columns, channels]`. */
export interface PoolLoop extends WindowSides {
  readonly kind: "pool";
  /** `greatest`: the first NaN, else the first of equal maxima. `mean`: the mean of the elements inside the image. */
  readonly reduction: "greatest" | "mean";
  /** True for the gradient with respect to the images, computed from the images and the gradient of the result. */
  readonly gradient: boolean;
}

/** Writes all elements of the input into a part of the result. */
export interface InsertLoop {
  readonly kind: "insert";
  /** Shape of the input; adjacent axes are merged. */
  readonly shape: readonly number[];
  /** Strides of the result along `shape`. */
  readonly strides: readonly number[];
  /** Index in the result of the input's first element. */
  readonly offset: number;
}

export type Form = ElementLoop | FoldLoop | ProductLoop | TakeLoop | WindowLoop | PoolLoop | InsertLoop;
