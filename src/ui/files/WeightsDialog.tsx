import { useStore } from "zustand";
import { formatCount } from "../../i18n/numbers";
import { weightsStore } from "../../store/stores";
import { allMatch } from "../../store/session/weightsStore";
import { useLanguage, useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import { Modal } from "../widgets/controls/Modal";
import styles from "./WeightsDialog.module.css";
import { WeightsTable } from "./WeightsTable";

/** Compares a weight file with a model. It changes nothing until Load, which is enabled only if everything matches. */
export function WeightsDialog() {
  const texts = useTexts();
  const language = useLanguage();
  const { report, busy, error } = useStore(weightsStore);
  const { load, close } = weightsStore.getState();
  const { weights } = texts.files;
  if (!report && !error) return null;
  const rows = report?.rows ?? [];
  const fits = allMatch(rows);
  const bad = rows.filter(({ status }) => status !== "match" && status !== "waiting").length;
  return (
    <Modal
      wide
      open
      title={report ? weights.title(report.file, report.model) : weights.menu}
      onClose={close}
      actions={
        <>
          <Button onPress={close}>{report ? texts.widgets.cancel : texts.widgets.close}</Button>
          {report && (
            <Button look="primary" isDisabled={!fits || busy} onPress={() => void load()}>
              {weights.load}
            </Button>
          )}
        </>
      }
    >
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      {rows.length > 0 && (
        <>
          <p className={styles.text}>{weights.text}</p>
          <WeightsTable rows={rows} />
          <p className={fits ? styles.good : styles.bad} role="status">
            {fits ? weights.allMatch(formatCount(rows.length, language)) : weights.mismatch(formatCount(bad, language))}
          </p>
        </>
      )}
    </Modal>
  );
}
