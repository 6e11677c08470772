/** Limits on the data that a session sends. The session stays within them, and the page drops anything larger. */

/** Elements of a `TensorSnapshot`. */
export const maxSnapshotValues = 4096;
/** Tensors in a list. A longer list is shown as text. */
export const maxTensors = 64;
/** Tensors of a file that are listed. */
export const maxFileTensors = 1000;
/** Elements of a tensor in a file that are shown. */
export const maxFileValues = 2 ** 20;
/** Values of each tensor shown in the list. */
export const maxFirstValues = 8;
export const maxImages = 256;
export const maxImageBytes = 16 * 2 ** 20;
export const maxPlotSeries = 16;
/** Values of one series. */
export const maxPlotPoints = 20_000;
/** Devices in one table. */
export const maxDevices = 64;
/** Characters shown of one `print` or one value. */
export const maxText = 200_000;
/** Characters of a message (of an error or a check). */
export const maxMessage = 10_000;
/** Characters of a name or a path. */
export const maxName = 1000;
/** Characters of a class's code. */
export const maxClassText = 20_000;
/** Length of a chain of parent classes. */
export const maxParents = 16;

/** Plans in one list, and dispatches of each. */
export const maxPlans = 100;
export const maxDispatches = 2000;
/** Owners of one dispatch, and ops of each. */
export const maxWork = 200;
/** Characters of a dispatch's code. */
export const maxCode = 1_000_000;
/** Closures of one run that were computed in parts. */
export const maxSplits = 20;

/** Truncates a text to `most` characters. */
export function truncate(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 4)} ...`;
}

/** Losses and metrics of one epoch. */
export const maxProgressValues = 50;
