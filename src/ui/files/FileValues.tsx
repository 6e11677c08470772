import { useStore } from "zustand";
import { formatShape } from "../../base/shape";
import { formatBytes } from "../../i18n/numbers";
import type { FileTensorValues } from "../../protocol/protocol";
import { fileViewStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import { Modal } from "../widgets/controls/Modal";
import { TensorViews } from "../widgets/tensor/TensorViews";
import styles from "./FileContents.module.css";

/** One tensor of the inspected file, with its values. */
export function FileValues() {
  const texts = useTexts();
  const { file, tensor } = useStore(fileViewStore);
  const { hide } = fileViewStore.getState();
  if (!file || !tensor) return null;
  const listed = file.report?.kind === "tensors" ? file.report.tensors[tensor.index] : undefined;
  return (
    <Modal
      wide
      open
      title={listed?.name ? `${file.path} · ${listed.name}` : file.path}
      onClose={hide}
      actions={<Button onPress={hide}>{texts.widgets.close}</Button>}
    >
      {tensor.error !== null && (
        <p className={styles.error} role="alert">
          {tensor.error}
        </p>
      )}
      {!tensor.values && tensor.error === null && (
        <p className={styles.note} role="status">
          {texts.files.reading}
        </p>
      )}
      {tensor.values && <Values tensor={tensor.values} />}
    </Modal>
  );
}

function Values({ tensor }: { tensor: FileTensorValues }) {
  const texts = useTexts().files;
  const language = useLanguage();
  const face = useStore(fileViewStore, (state) => state.face);
  const { name, shape, dtype, bytes, values, statistics, loads } = tensor;
  return (
    <>
      <TensorViews
        name={name}
        values={values}
        shape={shape}
        dtype={dtype === "bool" ? "bool" : "float32"}
        statistics={statistics}
        face={face}
        onFace={fileViewStore.getState().setFace}
      >
        <code>{formatShape(shape)}</code>
        <span>{dtype}</span>
        <span>{formatBytes(bytes, language)}</span>
        {"dtype" in loads && loads.dtype !== dtype && <span>{texts.loads(loads.dtype)}</span>}
      </TensorViews>
      {values.length === 0 && bytes > 0 && <p className={styles.note}>{texts.noValues}</p>}
      {"problem" in loads && (
        <p className={styles.error}>
          {texts.refuses} {loads.problem}
        </p>
      )}
    </>
  );
}
