import type { QueuedOutput } from "./outputQueue";
import { showLine, showPrinted } from "./show";

/** Outputs for the arguments of each console method. */
const shows = {
  log: showPrinted,
  info: showPrinted,
  debug: showPrinted,
  dir: ([value]: readonly unknown[]) => showPrinted([value]),
  table: ([value]: readonly unknown[]) => showPrinted([value]),
  warn: (values: readonly unknown[]) => showLine(values, "warning"),
  error: (values: readonly unknown[]) => showLine(values, "error"),
};

/**
 * Makes a console also show its output under the running cell, as `print` does; the browser's own console still
 * receives it.
 * @param push receives the outputs in order
 */
export function showConsole(
  console: Pick<Console, keyof typeof shows>,
  push: (shown: QueuedOutput | Promise<QueuedOutput>) => void,
): void {
  for (const method of Object.keys(shows) as (keyof typeof shows)[]) {
    const tell = console[method].bind(console);
    console[method] = (...values: unknown[]) => {
      tell(...values);
      push(shows[method](values));
    };
  }
}
