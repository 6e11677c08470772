import { useEffect } from "react";
import { focusStore, folderStore, libraryStore } from "../store/stores";

/**
 * Files dropped anywhere on the page: a notebook is opened, anything else goes to
 * the folder. Without this the browser would leave the page to show the file.
 */
export function usePageDrop(): void {
  useEffect(() => {
    function onDragOver(event: DragEvent) {
      if (carriesFiles(event)) event.preventDefault();
    }
    function onDrop(event: DragEvent) {
      if (!carriesFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      void take([...event.dataTransfer!.files]);
    }
    window.addEventListener("dragover", onDragOver);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onDragOver);
      window.removeEventListener("drop", onDrop);
    };
  }, []);
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
