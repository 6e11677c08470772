import { Upload } from "lucide-react";
import { DropZone } from "react-aria-components/DropZone";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { useStore } from "zustand";
import { filesStore, folderStore } from "../../store/stores";
import { useTexts } from "../Texts";
import { Button } from "../widgets/Button";
import { FileConflict } from "./FileConflict";
import { FileNotices } from "./FileNotices";
import { FileRow } from "./FileRow";
import styles from "./FilesPanel.module.css";
import { FileValues } from "./FileValues";

/** The open notebook's folder: what cells saved and what was put there. */
export function FilesPanel() {
  const texts = useTexts().files;
  const files = useStore(filesStore, (state) => state.files);
  const { add } = folderStore.getState();
  return (
    <section className={styles.panel} aria-label={texts.title}>
      <header className={styles.header}>
        <h2>{texts.title}</h2>
        <FileTrigger allowsMultiple onSelect={(chosen) => chosen && void add(chosen)}>
          <Button small look="plain">
            <Upload aria-hidden="true" />
            {texts.upload}
          </Button>
        </FileTrigger>
      </header>
      <FileNotices />
      <DropZone
        className={styles.drop}
        aria-label={texts.drop}
        onDrop={(event) => {
          const dropped = event.items.filter((item) => item.kind === "file");
          void Promise.all(dropped.map((item) => item.getFile())).then(add);
        }}
      >
        {files.length === 0 ? (
          <p className={styles.empty}>{texts.empty}</p>
        ) : (
          <ul aria-label={texts.list}>
            {files.map((file) => (
              <FileRow key={file.path} file={file} />
            ))}
          </ul>
        )}
      </DropZone>
      <p className={styles.help}>{texts.help}</p>
      <FileConflict />
      <FileValues />
    </section>
  );
}
