/** Runs a living session in a Node process. `scripts/livingSession.mjs` bundles this file and provides a GPU. */
import { open } from "../../index";
import { Session } from "./session";
import { describeFinding, summaryOf } from "./sessionSummary";

/** Runs cases and resolves to true if no problem was found. */
export async function runInNode(gpu: GPU, from: number, count: number): Promise<boolean> {
  const state = await open(gpu);
  if (state !== "ready") throw new Error(`no GPU to test on: ${state}`);
  const late: unknown[] = [];
  process.on("unhandledRejection", (error) => late.push(error));
  const start = performance.now();
  const report = await new Session().run({
    from,
    count,
    onCase: (_, finding) => finding && console.log(describeFinding(finding)),
  });
  for (const error of late) console.log(`UNHANDLED: ${error instanceof Error ? error.stack : String(error)}`);
  const { line, serious, general } = summaryOf(report);
  for (const problem of general) console.log(problem);
  console.log(`${line}; in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return serious.length + general.length === 0 && late.length === 0;
}
