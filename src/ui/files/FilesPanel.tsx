import { Upload } from "lucide-react";
import { useRef } from "react";
import { useStore } from "zustand";
import { filesStore, folderStore } from "../../store/stores";
import { useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import { chooseFiles, FileField } from "../widgets/controls/FileField";
import { FileConflict } from "./FileConflict";
import { FileNotices } from "./FileNotices";
import { FileRow } from "./FileRow";
import styles from "./FilesPanel.module.css";
import { FileValues } from "./FileValues";

/** The open notebook's folder: files saved by cells or uploaded. */
export function FilesPanel() {
  const texts = useTexts().files;
  const files = useStore(filesStore, (state) => state.files);
  const field = useRef<HTMLInputElement>(null);
  const { add } = folderStore.getState();
  return (
    <section className={styles.panel} aria-label={texts.title}>
      <header className={styles.header}>
        <h2>{texts.title}</h2>
        <Button small look="plain" onPress={() => chooseFiles(field)}>
          <Upload aria-hidden="true" />
          {texts.upload}
        </Button>
        <FileField several field={field} onFiles={(chosen) => void add(chosen)} />
      </header>
      <FileNotices />
      {files.length === 0 ? (
        <p className={styles.empty}>{texts.empty}</p>
      ) : (
        <ul aria-label={texts.list}>
          {files.map((file) => (
            <FileRow key={file.path} file={file} />
          ))}
        </ul>
      )}
      <p className={styles.help}>{texts.help}</p>
      <FileConflict />
      <FileValues />
    </section>
  );
}
