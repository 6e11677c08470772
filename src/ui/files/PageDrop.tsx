import { FileDown } from "lucide-react";
import { useEffect, useState } from "react";
import { focusStore, folderStore, libraryStore } from "../../store/stores";
import { useTexts } from "../Texts";
import styles from "./PageDrop.module.css";

/**
 * Handles files dropped anywhere on the page: a notebook is opened, other files go to its folder. Otherwise, the
 * browser would leave the page to show the file. Shows a hint while files are dragged over the page.
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
      // Moving from one element to another stays within the page.
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
  // First, because the other files belong in its folder.
  if (notebook) await libraryStore.getState().openFile(notebook.name, await notebook.text());
  const others = files.filter((file) => !isNotebook(file));
  if (others.length === 0) return;
  focusStore.getState().showPane("files");
  await folderStore.getState().add(others);
}
