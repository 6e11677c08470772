import type { Shown } from "./outputQueue";
import { showLine, showPrinted } from "./show";

/** What each of the console's methods shows of its arguments. */
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
 * Makes a console show what it is told under the running cell too, as `print` does; the browser's own console goes on.
 * @param push takes what is to be shown, in order
 */
export function showConsole(
  console: Pick<Console, keyof typeof shows>,
  push: (shown: Shown | Promise<Shown>) => void,
): void {
  for (const method of Object.keys(shows) as (keyof typeof shows)[]) {
    const tell = console[method].bind(console);
    console[method] = (...values: unknown[]) => {
      tell(...values);
      push(shows[method](values));
    };
  }
}
