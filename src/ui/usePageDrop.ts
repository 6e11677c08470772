import { useEffect } from "react";
import { filesStore, libraryStore } from "../store/stores";

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
      for (const file of event.dataTransfer!.files) void take(file);
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

async function take(file: File): Promise<void> {
  if (file.name.endsWith(".ipynb")) await libraryStore.getState().openFile(file.name, await file.text());
  else await filesStore.getState().write(file.name, new Uint8Array(await file.arrayBuffer()));
}
