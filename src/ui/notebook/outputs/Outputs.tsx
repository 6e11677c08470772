import { useStore } from "zustand";
import type { Output } from "../../../protocol/protocol";
import { runStore } from "../../../store/stores";
import { classNames } from "../../classNames";
import { useTexts } from "../../Texts";
import { CheckOutput } from "./CheckOutput";
import { DevicesOutput } from "./DevicesOutput";
import { ErrorOutput } from "./ErrorOutput";
import { ImagesOutput } from "./ImagesOutput";
import styles from "./Outputs.module.css";
import { PlotOutput } from "./PlotOutput";
import { ProgressOutput } from "./ProgressOutput";
import { SummaryOutput } from "./SummaryOutput";
import { TensorOutput } from "./TensorOutput";
import { TextOutput } from "./TextOutput";
import { WeightsOutput } from "./WeightsOutput";

const none: readonly Output[] = [];

/** The outputs of a cell's last run, in order. */
export function Outputs({ id }: { id: string }) {
  const texts = useTexts().cells;
  const outputs = useStore(runStore, ({ runs }) => runs[id]?.outputs ?? none);
  const lost = useStore(runStore, ({ runs }) => runs[id]?.status === "lost");
  if (outputs.length === 0) return null;
  return (
    <div className={classNames(styles.outputs, lost && styles.lost)} role="group" aria-label={texts.outputs}>
      {outputs.map((output, position) => (
        <OneOutput key={position} output={output} cell={id} />
      ))}
    </div>
  );
}

function OneOutput({ output, cell }: { output: Output; cell: string }) {
  switch (output.type) {
    case "text":
      return <TextOutput text={output.text} level={output.level} />;
    case "value":
      return (
        <pre className={styles.value} tabIndex={0}>
          {output.text}
        </pre>
      );
    case "tensor":
      return <TensorOutput tensor={output.tensor} cell={cell} />;
    case "tensors":
      return output.tensors.map((tensor, position) => <TensorOutput key={position} tensor={tensor} cell={cell} />);
    case "images":
      return <ImagesOutput images={output.images} />;
    case "plot":
      return <PlotOutput plot={output.plot} />;
    case "devices":
      return <DevicesOutput devices={output.devices} />;
    case "summary":
      return <SummaryOutput rows={output.summary} totals={output.totals} />;
    case "weights":
      return <WeightsOutput rows={output.rows} />;
    case "progress":
      return <ProgressOutput progress={output.progress} training={output.training} cell={cell} />;
    case "check":
      return <CheckOutput passed={output.passed} message={output.message} />;
    case "error":
      return <ErrorOutput error={output.error} cell={cell} />;
  }
}
