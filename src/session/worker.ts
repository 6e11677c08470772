/** The session's worker: takes the one port, opens the devices, and answers what the page asks. */
import { setHost } from "../base/host";
import { describeError } from "./describeError";
import { Evaluator } from "./evaluate";
import { hideGlobals, takeGpu } from "./hideGlobals";
import { OutputQueue } from "./outputQueue";
import { PagePort } from "./pagePort";
import type { Request } from "./protocol";
import type { Position } from "./positions";
import { Runner } from "./runner";

const index = import.meta.glob("../index.ts", { eager: true });

/** Cells and the runtime call each other; the engine's ten frames may all be the runtime's. */
Error.stackTraceLimit = 50;

let locating = false;

/** The engine tells an error's place only to the `error` listeners of the realm. */
function locateSyntaxError(error: SyntaxError): Position | undefined {
  let position: Position | undefined;
  const listener = ({ lineno, colno }: ErrorEvent) => (position = { line: lineno, column: colno });
  addEventListener("error", listener, { once: true });
  locating = true;
  reportError(error);
  locating = false;
  removeEventListener("error", listener);
  return position;
}

async function startSession(port: MessagePort): Promise<void> {
  hideGlobals();
  takeGpu();
  const page = new PagePort(port, (request) => answer(request));
  setHost(page.host());
  const runner = new Runner(new OutputQueue((event, transfer) => page.event(event, transfer)));
  const library = Object.values(index)[0] as Record<string, unknown>;
  const evaluator = new Evaluator({ ...library, ...runner.functions }, locateSyntaxError);

  const tellLate = (event: Event, error: unknown) => {
    event.preventDefault();
    if (!locating) page.event({ kind: "lateError", error: describeError(error, evaluator.placeOf(error)) });
  };
  addEventListener("error", (event) => tellLate(event, event.error));
  addEventListener("unhandledrejection", (event) => tellLate(event, event.reason));

  async function answer(request: Request) {
    if (request.kind === "run") return { value: await runner.run(request, evaluator) };
    if (request.kind === "cancel") return { value: runner.cancel() };
    return { value: [] };
  }
  page.post({
    type: "ready",
    devices: [],
    gpu: "noApi",
    catalogue: { blocks: [], initializers: [], optimizers: [], losses: [], datasets: [], ops: [] },
  });
}

addEventListener("message", ({ ports }) => void startSession(ports[0]!), { once: true });
