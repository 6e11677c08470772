import { FileDown } from "lucide-react";
import { useEffect, useState } from "react";
import { focusStore, folderStore, libraryStore } from "../../store/stores";
import { useTexts } from "../Texts";
import styles from "./PageDrop.module.css";

/**
 * Files dropped anywhere on the page: a notebook is opened, anything else goes to its
 * folder. Without this the browser would leave the page to show the file. While files are
 * dragged over the page it says so.
 */
export function PageDrop() {
  const texts = useTexts().files;
  const [dragging, setDragging] = useState(false);

  useEffect(() => {
    function onDragOver(event: DragEvent) {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setDragging(true);
    }
    function onDragLeave(event: DragEvent) {
      // From one element to another is within the page.
      if (event.relatedTarget === null) setDragging(false);
    }
    function onDrop(event: DragEvent) {
      setDragging(false);
      if (!carriesFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      void take([...event.dataTransfer!.files]);
    }
    window.addEventListener("dragover", onDragOver);
    window.addEventListener("dragleave", onDragLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onDragOver);
      window.removeEventListener("dragleave", onDragLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, []);

  if (!dragging) return null;
  return (
    <div className={styles.frame}>
      <p className={styles.text}>
        <FileDown aria-hidden="true" />
        {texts.drop}
      </p>
    </div>
  );
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

async function take(files: readonly File[]): Promise<void> {
  const isNotebook = ({ name }: File) => name.endsWith(".ipynb");
  const notebook = files.find(isNotebook);
  // First: what came with it belongs into its folder.
  if (notebook) await libraryStore.getState().openFile(notebook.name, await notebook.text());
  const others = files.filter((file) => !isNotebook(file));
  if (others.length === 0) return;
  focusStore.getState().showPane("files");
  await folderStore.getState().add(others);
}
