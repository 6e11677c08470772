import { ChevronRight, Download, Trash2 } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useStore } from "zustand";
import { formatBytes } from "../../i18n/numbers";
import type { FileEntry } from "../../protocol/protocol";
import { fileViewStore, folderStore } from "../../store/stores";
import { saveFile } from "../saveFile";
import { useLanguage, useTexts } from "../Texts";
import { IconButton } from "../widgets/controls/Button";
import { FileContents } from "./FileContents";
import styles from "./FilesPanel.module.css";

/** A file of the folder; expanded, it shows its content. */
export function FileRow({ file: { path, size } }: { file: FileEntry }) {
  const texts = useTexts().files;
  const language = useLanguage();
  const view = useStore(fileViewStore, ({ file }) => (file?.path === path ? file : null));
  const id = useId();
  const row = useRef<HTMLLIElement>(null);
  const { look, close } = fileViewStore.getState();
  const { remove } = folderStore.getState();
  const open = view !== null;
  const read = view !== null && (view.report !== null || view.error !== null);
  // A dropped file expands automatically and may be out of view.
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: "nearest" });
  }, [open, read]);

  async function download() {
    const bytes = await folderStore.getState().read(path);
    if (bytes) saveFile(path.split("/").at(-1)!, bytes);
  }

  return (
    <li ref={row}>
      <div className={styles.file}>
        <AriaButton
          className={styles.look}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onPress={() => (open ? close() : void look(path))}
        >
          <ChevronRight aria-hidden="true" />
          <span className={styles.name}>
            {path} <span className={styles.size}>{formatBytes(size, language)}</span>
          </span>
        </AriaButton>
        <IconButton small label={texts.download(path)} onPress={() => void download()}>
          <Download />
        </IconButton>
        <IconButton small label={texts.remove(path)} onPress={() => void remove(path)}>
          <Trash2 />
        </IconButton>
      </div>
      {view && (
        <div id={id} className={styles.contents} aria-busy={!read}>
          <FileContents view={view} />
        </div>
      )}
    </li>
  );
}
