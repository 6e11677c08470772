import { CircleAlert, TriangleAlert } from "lucide-react";
import type { TextLevel } from "../../../protocol/protocol";
import { useTexts } from "../../Texts";
import styles from "./Outputs.module.css";

/** Text printed by a cell; console warnings and errors are marked. */
export function TextOutput({ text, level }: { text: string; level?: TextLevel }) {
  const texts = useTexts().outputs;
  const printed = (
    <pre className={styles.text} tabIndex={0}>
      {text}
    </pre>
  );
  if (!level) return printed;
  const Icon = level === "error" ? CircleAlert : TriangleAlert;
  return (
    <div className={styles.told} data-level={level} role="group" aria-label={texts.levels[level]}>
      <Icon aria-hidden="true" />
      {printed}
    </div>
  );
}
