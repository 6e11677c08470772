/** What a pickle of NumPy arrays is made of, as records of ours. */
/** Python's whole numbers are bigint here, its floats number; lists and tuples are arrays. */
export type PickleValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleName
  | PickledDType
  | PickledArray;

/** `numpy.dtype`. Its state tells the byte order. */
export class PickledDType {
  order = "|";
  constructor(readonly code: string) {}
}

/** `numpy.ndarray`. Its state tells the rest. */
export class PickledArray {
  shape: number[] = [];
  fortranOrder = false;
  dtype: PickledDType | undefined;
  /** The elements' bytes, or one value an element where those are Python objects. */
  data: Uint8Array | PickleValue[] = new Uint8Array();
}

/** An allowed name. `make` is undefined for a class that is only passed on. */
export class PickleName {
  constructor(
    readonly name: string,
    /** The value for these arguments, or undefined where they are not NumPy's. */
    readonly make?: (args: readonly PickleValue[]) => PickleValue | undefined,
  ) {}
}
