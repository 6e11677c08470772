import { FileText, FolderOpen, NotebookText, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useStore } from "zustand";
import type { Shelf } from "../../store/library/libraryState";
import type { StoredNotebook } from "../../store/library/opening";
import { documentStore, focusStore, libraryStore } from "../../store/stores";
import { formatWhen } from "../notebook/Banners";
import { useLanguage, useTexts } from "../Texts";
import { Button, IconButton } from "../widgets/controls/Button";
import { chooseFiles, FileField } from "../widgets/controls/FileField";
import { Modal } from "../widgets/controls/Modal";
import styles from "./Library.module.css";

/** The notebooks that can be opened: the lessons, the gallery, the user's notebooks, a file. */
export function Library() {
  return (
    <div className={styles.library}>
      <ShippedNotebooks shelf="lessons" />
      <ShippedNotebooks shelf="gallery" />
      <OwnNotebooks />
    </div>
  );
}

function show(action: Promise<void>) {
  void action.then(() => focusStore.getState().showPane("notebook"));
}

function ShippedNotebooks({ shelf }: { shelf: Shelf }) {
  const texts = useTexts().library;
  const notebooks = useStore(libraryStore, (state) => state.gallery).filter((entry) => entry.shelf === shelf);
  const { origin, key } = useStore(documentStore);
  // Once it is stored, the open notebook is the user's copy.
  const kept = useStore(libraryStore, ({ own }) => own.some((one) => one.key === key));
  if (notebooks.length === 0) return null;
  return (
    <section className={styles.section} aria-label={texts.shelves[shelf]}>
      <h2 className={styles.title}>{texts.shelves[shelf]}</h2>
      <ul>
        {notebooks.map(({ name, title, description }) => (
          <li key={name}>
            <AriaButton
              className={styles.entry}
              aria-current={origin.kind === "gallery" && origin.name === name && !kept ? "true" : undefined}
              onPress={() => show(libraryStore.getState().openGallery(name))}
            >
              <FileText aria-hidden="true" />
              <span className={styles.name}>
                {title}
                <span className={styles.detail}>{description}</span>
              </span>
            </AriaButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnNotebooks() {
  const texts = useTexts().library;
  const language = useLanguage();
  const own = useStore(libraryStore, (state) => state.own);
  const open = useStore(documentStore, (state) => state.key);
  const field = useRef<HTMLInputElement>(null);
  const [doomed, setDoomed] = useState<StoredNotebook | null>(null);
  const { openNew, openOwn, openFile } = libraryStore.getState();

  function read(file: File) {
    void file.text().then((text) => show(openFile(file.name, text)));
  }

  return (
    <section className={styles.section} aria-label={texts.own}>
      <h2 className={styles.title}>{texts.own}</h2>
      <div className={styles.actions}>
        <Button small onPress={() => show(openNew())}>
          <Plus aria-hidden="true" />
          {texts.newNotebook}
        </Button>
        <Button small onPress={() => chooseFiles(field)}>
          <FolderOpen aria-hidden="true" />
          {texts.openFile}
        </Button>
        <FileField field={field} accept=".ipynb,application/json" onFiles={([file]) => read(file!)} />
      </div>
      {own.length === 0 && <p className={styles.note}>{texts.ownEmpty}</p>}
      <ul>
        {own.map((kept) => (
          <li key={kept.key} className={styles.row}>
            <AriaButton
              className={styles.entry}
              aria-current={kept.key === open ? "true" : undefined}
              onPress={() => show(openOwn(kept.key))}
            >
              <NotebookText aria-hidden="true" />
              <span className={styles.name}>
                {kept.title || texts.untitled}
                <span className={styles.detail}>{formatWhen(kept.modified, language)}</span>
              </span>
            </AriaButton>
            <IconButton small label={texts.remove(kept.title || texts.untitled)} onPress={() => setDoomed(kept)}>
              <Trash2 />
            </IconButton>
          </li>
        ))}
      </ul>
      {doomed && <RemoveDialog kept={doomed} onClose={() => setDoomed(null)} />}
    </section>
  );
}

function RemoveDialog({ kept, onClose }: { kept: StoredNotebook; onClose: () => void }) {
  const texts = useTexts();
  const { library } = texts;
  return (
    <Modal
      open
      title={library.removeQuestion(kept.title || library.untitled)}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{texts.widgets.cancel}</Button>
          <Button
            look="danger"
            onPress={() => {
              void libraryStore.getState().removeOwn(kept.key);
              onClose();
            }}
          >
            {library.removeConfirm}
          </Button>
        </>
      }
    >
      <p>{library.removeText}</p>
    </Modal>
  );
}
