/** The session's worker: accepts the one port, opens the devices, and answers the page's requests. */
import { setHost } from "../base/host";
import * as library from "../index";
import { builtInCatalogue } from "./catalogue";
import { describeError } from "./describeError";
import { Evaluator } from "./evaluate";
import { answer, createHandlers, describeDevices } from "./handlers";
import { hideGlobals, takeGpu } from "./hideGlobals";
import { images } from "./images";
import { OutputQueue } from "./outputQueue";
import { PagePort } from "./pagePort";
import { plot } from "./plot";
import type { Position } from "./positions";
import { keepFreedPlans } from "../plan/planRecord";
import { Runner } from "./runner";
import { Trainings } from "./trainings";
import { suggestionFor } from "./suggest";

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
function tellLateErrors(page: PagePort, evaluator: Evaluator): void {
  const tell = (event: Event, error: unknown) => {
    event.preventDefault();
    page.event({
      kind: "lateError",
      error: describeError(error, evaluator.placeOf(error), suggestionFor(error, evaluator)),
    });
  };
  addEventListener("error", (event) => {
    if (!locating) return tell(event, event.error ?? new Error(event.message));
    event.preventDefault();
    locating = { line: event.lineno, column: event.colno };
  });
  addEventListener("unhandledrejection", (event) => tell(event, event.reason));
}

/** So that the page can try what a training ran after it has ended. */
const maxKeptBytes = 64 * 2 ** 20;

async function startSession(port: MessagePort): Promise<void> {
  hideGlobals();
  keepFreedPlans(maxKeptBytes);
  const gpu = await library.open(takeGpu());
  const { open: _open, setHost: _setHost, ...names } = library;
  const outputs = new OutputQueue((event, transfer) => page.event(event, transfer));
  const runner = new Runner(outputs);
  runner.showConsole(console);
  const trainings = new Trainings();
  const evaluator = new Evaluator({ ...names, images, plot, ...runner.functions }, locateSyntaxError);
  const handlers = createHandlers(evaluator, runner, trainings);
  const page = new PagePort(port, (request) => answer(handlers, request));
  setHost(page.host());
  trainings.show(outputs);
  tellLateErrors(page, evaluator);
  page.post({ type: "ready", catalogue: builtInCatalogue(), devices: describeDevices(), gpu });
}

addEventListener("message", ({ ports }) => void startSession(ports[0]!), { once: true });
