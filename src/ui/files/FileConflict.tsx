import { useStore } from "zustand";
import { formatCount } from "../../i18n/numbers";
import { folderStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import { Modal } from "../widgets/controls/Modal";
import styles from "./FilesPanel.module.css";

/** Asks what to do with files whose names are in use. */
export function FileConflict() {
  const texts = useTexts().files.taken;
  const language = useLanguage();
  const waiting = useStore(folderStore, (state) => state.waiting);
  const { settle } = folderStore.getState();
  const [first, ...others] = waiting;
  if (!first) return null;
  const single = others.length === 0;
  return (
    <Modal
      open
      title={single ? texts.one(first.name) : texts.several(formatCount(waiting.length, language))}
      onClose={() => void settle("skip")}
      actions={
        <>
          <Button onPress={() => void settle("skip")}>{single ? texts.skip : texts.skipSeveral}</Button>
          <Button look="danger" onPress={() => void settle("replace")}>
            {texts.replace}
          </Button>
          <Button look="primary" onPress={() => void settle("keepBoth")}>
            {texts.keepBoth}
          </Button>
        </>
      }
    >
      <p>{single ? texts.textOne : texts.text}</p>
      {!single && (
        <ul className={styles.taken}>
          {waiting.map(({ name }, position) => (
            <li key={position}>
              <code>{name}</code>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}
