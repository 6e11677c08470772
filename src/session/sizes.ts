/** How much a session sends at most: its own side keeps these, and the page drops what is beyond them. */

/** The most elements that a `TensorSnapshot` carries. */
export const maxSnapshotValues = 4096;
/** The most tensors of a list that are shown as such. */
export const maxTensors = 64;
/** The most tensors of a file that are listed. */
export const maxFileTensors = 1000;
/** The most elements of a tensor in a file that are shown. */
export const maxFileValues = 2 ** 20;
/** Values of each that its list shows. */
export const maxFirstValues = 8;
export const maxImages = 256;
export const maxImageBytes = 16 * 2 ** 20;
export const maxPlotSeries = 16;
/** Values of one series. */
export const maxPlotPoints = 20_000;
/** Devices in one table of them. */
export const maxDevices = 64;
/** Characters of what one `print` or one value shows. */
export const maxText = 200_000;
/** Characters of a message: an error's, a check's. */
export const maxMessage = 10_000;
/** Characters of a name or a path. */
export const maxName = 1000;
/** Characters of a class's code. */
export const maxClassText = 20_000;
/** Classes above one another. */
export const maxParents = 16;

/** Plans in one list, and dispatches of each. */
export const maxPlans = 100;
export const maxDispatches = 2000;
/** Owners of one dispatch, and ops of each. */
export const maxWork = 200;
/** Characters of a dispatch's text. */
export const maxCode = 1_000_000;
/** Closures of one run that were computed in parts. */
export const maxSplits = 20;

/** A text that is not longer than `most`. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 4)} ...`;
}

/** Of one epoch. */
export const maxProgressValues = 50;
