import { afterEach, expect, test } from "vitest";
import { dense, ones, sequential } from "../../index";
import type { Progress, SessionEvent } from "../../protocol/protocol";
import { setRunListener } from "../../train/run/progress";
import { OutputQueue } from "../show/outputQueue";
import { RunMonitor } from "./runMonitor";

afterEach(() => setRunListener(undefined));

/** Observes trainings and records what each sent: its cell, its run, its progress. */
function showTrainings() {
  const sent: { cell: string; training: number; progress: Progress }[] = [];
  const outputs = new OutputQueue((event: SessionEvent) => {
    if (event.kind === "output" && event.output.type === "progress")
      sent.push({ cell: event.cell, training: event.output.training, progress: event.output.progress });
  });
  const trainings = new RunMonitor();
  trainings.attach(outputs);
  return { sent, outputs, trainings };
}

function fit(epochs: number) {
  const net = sequential([dense(1)]);
  net.compile({ loss: "meanSquaredError" });
  return net.fit(ones([8, 2]), ones([8, 1]), { epochs, batchSize: 4 });
}

test("a training is shown under the cell that started it until its end", async () => {
  const { sent, outputs } = showTrainings();
  outputs.begin("a", 1);
  const first = fit(3);
  outputs.begin("b", 2);
  const history = await first;
  await fit(1);
  const last = (training: number) => sent.findLast((one) => one.training === training)!;
  expect([last(1).cell, last(2).cell]).toEqual(["a", "b"]);
  expect(last(1).progress).toMatchObject({ epoch: 3, epochs: 3, step: 2, steps: 2, state: "ended" });
  expect(last(1).progress.logs).toEqual({ loss: history.loss!.at(-1) });
});

test("the page pauses, resumes and ends a training; afterwards it is not found", async () => {
  const { sent, outputs, trainings } = showTrainings();
  outputs.begin("a", 1);
  const fitting = fit(1_000_000);
  const states = () => sent.map(({ progress }) => progress.state);
  const until = async (state: string) => {
    while (states().at(-1) !== state) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await until("running");
  expect(trainings.act(1, "pause")).toBe(true);
  await until("paused");
  trainings.act(1, "step");
  trainings.act(1, "resume");
  await until("running");
  trainings.act(1, "stop");
  expect((await fitting).run.stopped).toBe("stop()");
  expect([states().at(-1), trainings.act(1, "pause")]).toEqual(["ended", false]);
});
