import { Download, Trash2, Upload } from "lucide-react";
import { useState } from "react";
import { DropZone } from "react-aria-components/DropZone";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { useStore } from "zustand";
import { formatBytes } from "../../i18n/numbers";
import { filesStore } from "../../store/stores";
import { saveFile } from "../saveFile";
import { useLanguage, useTexts } from "../Texts";
import { Button, IconButton } from "../widgets/Button";
import styles from "./FilesPanel.module.css";

/** The open notebook's folder: what cells saved and what was put there. */
export function FilesPanel() {
  const texts = useTexts().files;
  const language = useLanguage();
  const files = useStore(filesStore, (state) => state.files);
  const [failure, setFailure] = useState<string | null>(null);
  const { read, write, remove } = filesStore.getState();

  async function act(action: () => Promise<unknown>) {
    setFailure(null);
    await action().catch((reason: unknown) => setFailure(reason instanceof Error ? reason.message : String(reason)));
  }

  function upload(chosen: Iterable<File>) {
    void act(async () => {
      for (const file of chosen) await write(file.name, new Uint8Array(await file.arrayBuffer()));
    });
  }

  return (
    <section className={styles.panel} aria-label={texts.title}>
      <header className={styles.header}>
        <h2>{texts.title}</h2>
        <FileTrigger allowsMultiple onSelect={(chosen) => chosen && upload(chosen)}>
          <Button small look="plain">
            <Upload aria-hidden="true" />
            {texts.upload}
          </Button>
        </FileTrigger>
      </header>
      <DropZone
        className={styles.drop}
        aria-label={texts.drop}
        onDrop={(event) =>
          void act(async () => {
            const dropped = event.items.filter((item) => item.kind === "file");
            upload(await Promise.all(dropped.map((item) => item.getFile())));
          })
        }
      >
        {files.length === 0 ? (
          <p className={styles.empty}>{texts.empty}</p>
        ) : (
          <ul className={styles.list} aria-label={texts.list}>
            {files.map(({ path, size }) => (
              <li key={path} className={styles.file}>
                <span className={styles.name}>
                  {path}
                  <span className={styles.size}>{formatBytes(size, language)}</span>
                </span>
                <IconButton
                  small
                  label={texts.download(path)}
                  onPress={() => void act(async () => saveFile(path.split("/").at(-1)!, await read(path)))}
                >
                  <Download />
                </IconButton>
                <IconButton small label={texts.remove(path)} onPress={() => void act(() => remove(path))}>
                  <Trash2 />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
      </DropZone>
      {failure && (
        <p className={styles.failure} role="alert">
          {texts.failed(failure)}
        </p>
      )}
      <p className={styles.help}>{texts.help}</p>
    </section>
  );
}
