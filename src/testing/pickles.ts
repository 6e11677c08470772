/** Pickles as NumPy writes them, composed of pieces, for machines without Python; also malicious ones. */

export const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** Returns a `.npy` file of objects with this pickle, one character per byte. */
export function objects(pickle: string, shape = "()"): Uint8Array {
  const header = `{'descr': '|O', 'fortran_order': False, 'shape': ${shape}, }\n`;
  return latin1(`\u0093NUMPY\u0001\0${String.fromCharCode(header.length)}\0${header}${pickle}`);
}

// Pieces of pickles as CPython writes them in protocols 2 and 3.
export const proto = "\u0080\u0003";
const byte = (n: number) => String.fromCharCode(n);
export const int = (n: number) => `K${byte(n)}`;
export const text = (value: string) => `X${byte(value.length)}\0\0\0${value}`;
export const bytes = (value: string) => `C${byte(value.length)}${value}`;
export const global = (module: string, name: string) => `c${module}\n${name}\n`;
export const tuple = (...items: string[]) => `(${items.join("")}t`;
export const none = "N";
export const yes = "\u0088";
const no = "\u0089";

export function dtype(code: string, order: string): string {
  const state = tuple(int(3), text(order), none, none, none, "J\u00ff\u00ff\u00ff\u00ff", int(1), int(0));
  return `${global("numpy", "dtype")}${tuple(text(code), no, yes)}R${state}b`;
}

export const reconstruct = `${global("numpy.core.multiarray", "_reconstruct")}${tuple(global("numpy", "ndarray"), tuple(int(0)), bytes("b"))}R`;

export function array(shape: string, type: string, content: string, fortran = no): string {
  return `${reconstruct}${tuple(int(1), shape, type, fortran, content)}b`;
}

export const objectArray = (shape: string, ...items: string[]) =>
  array(shape, dtype("O8", "|"), `](${items.join("")}e`);
/** int32 [2], values 1 and 2. */
export const x = array(tuple(int(2)), dtype("i4", "<"), bytes("\u0001\0\0\0\u0002\0\0\0"));
/** Big-endian int16 [1, 2], values 1 and 2. */
export const y = array(tuple(int(1), int(2)), dtype("i2", ">"), bytes("\0\u0001\0\u0002"));

export const list = objects(`${proto}${objectArray(tuple(int(2)), x, y)}.`, "(2,)");
export const dictionary = objects(`${proto}${objectArray(")", `}(${text("x")}${x}${text("__proto__")}${y}u`)}.`);

/** Returns the file of a dictionary with this single value. */
export const holding = (value: string) => objects(`${proto}${objectArray(")", `}(${text("x")}${value}u`)}.`);

/** Calls the function of this name with these arguments. */
export const reduce = (module: string, name: string, ...args: string[]) => `${global(module, name)}${tuple(...args)}R`;

/** In Python, loading this file would execute `id`. */
export const attack = holding(reduce("os", "system", text("id")));
