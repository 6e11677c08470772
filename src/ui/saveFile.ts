/** Downloads bytes or text through the browser. */
export function saveFile(name: string, content: Uint8Array | string, type = "application/octet-stream"): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Converts a title to a file name. */
export function fileNameOf(title: string, ending: string): string {
  const plain = title
    .trim()
    .replace(/[\\/:*?"<>|\s]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80);
  return `${plain || "notebook"}${ending}`;
}
