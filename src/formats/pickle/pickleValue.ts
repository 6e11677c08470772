/** The values in a pickle of NumPy arrays. */
/** A value of a pickle. Python's integers are bigint and its floats number; lists and tuples are arrays. */
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

/** A `numpy.dtype`. Its state sets the byte order. */
export class PickledDType {
  order = "|";
  constructor(readonly code: string) {}
}

/** A `numpy.ndarray`. Its state sets the fields. */
export class PickledArray {
  shape: number[] = [];
  fortranOrder = false;
  dtype: PickledDType | undefined;
  /** The bytes of the elements, or one value per element if they are Python objects. */
  data: Uint8Array | PickleValue[] = new Uint8Array();
}

/** An allowed name. `make` is undefined for a class that is only passed as an argument. */
export class PickleName {
  constructor(
    readonly name: string,
    /** Returns the value for these arguments, or undefined if NumPy does not write such arguments. */
    readonly make?: (args: readonly PickleValue[]) => PickleValue | undefined,
  ) {}
}
