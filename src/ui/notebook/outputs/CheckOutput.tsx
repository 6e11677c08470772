import { CircleCheck, CircleX } from "lucide-react";
import { useTexts } from "../../Texts";
import styles from "./Outputs.module.css";

/** The result of a `check`. */
export function CheckOutput({ passed, message }: { passed: boolean; message: string }) {
  const texts = useTexts().outputs;
  const Icon = passed ? CircleCheck : CircleX;
  return (
    <p className={styles.check} data-passed={passed}>
      <Icon aria-hidden="true" />
      <span>
        <strong>{passed ? texts.checkPassed : texts.checkFailed}</strong>
        {message && ` · ${message}`}
      </span>
    </p>
  );
}
