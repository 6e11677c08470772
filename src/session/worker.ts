/** The session's worker: accepts the one port, opens the devices, and answers the page's requests. */
import { setHost } from "../base/host";
import * as library from "../index";
import { retainFreedPlans } from "../plan/inspect/planLog";
import { builtInCatalogue } from "./answers/catalogue";
import { answer, createHandlers, describeDevices } from "./answers/handlers";
import { RunMonitor } from "./answers/runMonitor";
import { CellEvaluator } from "./cells/cellEvaluator";
import { Runner } from "./cells/runner";
import { suggestionFor } from "./cells/suggest";
import type { Position } from "./cells/textPositions";
import { describeError } from "./describeError";
import { hideGlobals, detachGpu } from "./hideGlobals";
import { PagePort } from "./pagePort";
import { images } from "./show/images";
import { OutputQueue } from "./show/outputQueue";
import { plot } from "./show/plot";

/** Cells and the runtime call each other; the engine's default of ten frames might all be the runtime's. */
Object.assign(Error, { stackTraceLimit: 50 });

let locating: Position | "pending" | undefined;

/** The engine reports the position of a syntax error only to the realm's `error` listeners. */
function locateSyntaxError(error: SyntaxError): Position | undefined {
  locating = "pending";
  reportError(error);
  const found = locating as Position | "pending";
  locating = undefined;
  return found === "pending" ? undefined : found;
}

/** Reports errors that no cell awaits to the page: from timers and unawaited promises. */
function reportLateErrors(page: PagePort, evaluator: CellEvaluator): void {
  const tell = (event: Event, error: unknown) => {
    event.preventDefault();
    page.event({
      kind: "lateError",
      error: describeError(error, evaluator.locationOf(error), suggestionFor(error, evaluator)),
    });
  };
  addEventListener("error", (event) => {
    if (!locating) return tell(event, event.error ?? new Error(event.message));
    event.preventDefault();
    locating = { line: event.lineno, column: event.colno };
  });
  addEventListener("unhandledrejection", (event) => tell(event, event.reason));
}

/** Memory for snapshots, with which the page can measure and check dispatches after training has ended. */
const maxSnapshotBytes = 64 * 2 ** 20;

async function startSession(port: MessagePort): Promise<void> {
  hideGlobals();
  retainFreedPlans(maxSnapshotBytes);
  const gpu = await library.open(detachGpu());
  const { open: _open, setHost: _setHost, ...names } = library;
  const outputs = new OutputQueue((event, transfer) => page.event(event, transfer));
  const runner = new Runner(outputs);
  runner.showConsole(console);
  const runMonitor = new RunMonitor();
  const evaluator = new CellEvaluator({ ...names, images, plot, ...runner.functions }, locateSyntaxError);
  const handlers = createHandlers(evaluator, runner, runMonitor);
  const page = new PagePort(port, (request) => answer(handlers, request));
  setHost(page.host());
  runMonitor.attach(outputs);
  reportLateErrors(page, evaluator);
  page.post({ type: "ready", catalogue: builtInCatalogue(), devices: describeDevices(), gpu });
}

addEventListener("message", ({ ports }) => void startSession(ports[0]!), { once: true });
