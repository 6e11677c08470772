import { Pause, Play, SkipForward, Square, StepForward } from "lucide-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { formatCount, formatDuration } from "../../../i18n/numbers";
import type { Progress, TrainingAction } from "../../../protocol/protocol";
import { runStore, steerTraining } from "../../../store/stores";
import { useLanguage, useTexts } from "../../Texts";
import { Button } from "../../widgets/controls/Button";
import { formatNumber } from "../../widgets/formatNumber";
import styles from "./ProgressOutput.module.css";

interface ProgressOutputProps {
  progress: Progress;
  /** The run's number in its session. */
  training: number;
  cell: string;
}

/** The progress of a `fit` run, with its controls. */
export function ProgressOutput({ progress, training, cell }: ProgressOutputProps) {
  const texts = useTexts().outputs.training;
  const language = useLanguage();
  // If the session is gone, or the cell failed or was stopped, there are no further updates.
  const isOn = useStore(runStore, ({ runs }) => ["running", "ok"].includes(runs[cell]?.status ?? "lost"));
  const { epoch, epochs, step, steps } = progress;
  const state = isOn ? progress.state : "ended";
  const done = epochs > 0 && steps > 0 ? Math.min(1, (epoch - 1 + step / steps) / epochs) : 1;
  const count = (value: number) => formatCount(value, language);
  const where = [texts.epoch(count(epoch), count(epochs)), texts.step(count(step), count(steps))];
  return (
    <div className={styles.training} role="group" aria-label={texts.title}>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={texts.title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(done * 100)}
        aria-valuetext={where.join(", ")}
        data-state={state}
      >
        <div className={styles.done} style={{ inlineSize: `${done * 100}%` }} />
      </div>
      <p className={styles.line}>
        {[...where, ...valuesOf({ ...progress, state }).map(([name, value]) => `${name} ${formatNumber(value)}`)].map(
          (part) => (
            <span key={part}>{part}</span>
          ),
        )}
      </p>
      <p className={styles.line}>
        {ratesOf({ ...progress, state }, texts, language).map((part) => (
          <span key={part}>{part}</span>
        ))}
      </p>
      {state !== "ended" && <Steering training={training} isPaused={state === "paused"} />}
    </div>
  );
}

/** The running loss, with the results of the last complete epoch next to it. */
function valuesOf({ loss, logs, state }: Progress): [name: string, value: number][] {
  const { loss: lastLoss, ...rest } = logs;
  return [["loss", state === "ended" ? (lastLoss ?? loss) : loss], ...Object.entries(rest)];
}

function ratesOf(
  { rowsPerSecond, secondsLeft, seconds, device, trials, state }: Progress,
  texts: ReturnType<typeof useTexts>["outputs"]["training"],
  language: ReturnType<typeof useLanguage>,
): string[] {
  const rate = rowsPerSecond > 0 ? [texts.rate(formatCount(Math.round(rowsPerSecond), language))] : [];
  const time = (value: number) => formatDuration(value * 1000, language);
  const tried = trials.map((trial) => `${trial.device} ${formatDuration(trial.msPerStep, language)}`);
  const where = tried.length > 0 ? [device, texts.tried(tried)] : [device];
  if (state === "ended") return [...rate, texts.took(time(seconds)), ...where];
  const left = Number.isFinite(secondsLeft) ? [texts.left(time(secondsLeft))] : [];
  return [...rate, ...(state === "paused" ? [texts.paused] : left), ...where];
}

function Steering({ training, isPaused }: { training: number; isPaused: boolean }) {
  const texts = useTexts().outputs.training;
  const button = (action: TrainingAction, label: string, icon: ReactNode) => (
    <Button key={action} small onPress={() => steerTraining(training, action)}>
      {icon}
      {label}
    </Button>
  );
  return (
    <div className={styles.steering}>
      {isPaused
        ? [
            button("resume", texts.resume, <Play aria-hidden="true" />),
            button("step", texts.oneStep, <StepForward aria-hidden="true" />),
            button("stepEpoch", texts.oneEpoch, <SkipForward aria-hidden="true" />),
          ]
        : button("pause", texts.pause, <Pause aria-hidden="true" />)}
      {button("stop", texts.stop, <Square aria-hidden="true" />)}
    </div>
  );
}
