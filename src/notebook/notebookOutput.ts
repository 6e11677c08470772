import type { Json } from "../base/info";
import type { JsonObject } from "./notebookDocument";

/** Our own snapshot of a tensor, images, a summary: richer than the text/plain beside it. */
export const weightroomMime = "application/vnd.weightroom.v1+json";

/** One content in several forms. Text is whole (not split in lines), `*+json` is any JSON. */
export type MimeBundle = JsonObject;

/** The outputs of nbformat 4, with its own names, so that a file needs no translation. */
export type NotebookOutput =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: JsonObject }
  | { output_type: "execute_result"; data: MimeBundle; metadata: JsonObject; execution_count: number | null }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** What one cell showed when it last ran. */
export interface CellOutputs {
  executionCount: number | null;
  outputs: NotebookOutput[];
}

/** By cell id. */
export type NotebookOutputs = ReadonlyMap<string, CellOutputs>;

/** What `print` writes. */
export function streamOutput(text: string, name: "stdout" | "stderr" = "stdout"): NotebookOutput {
  return { output_type: "stream", name, text };
}

/** A picture or table: its plain text, an optional PNG in base64, and our own snapshot of it. */
export function displayOutput(text: string, own?: Json, png?: string): NotebookOutput {
  const data: MimeBundle = { "text/plain": text };
  if (own !== undefined) data[weightroomMime] = own;
  if (png !== undefined) data["image/png"] = png;
  return { output_type: "display_data", data, metadata: {} };
}

/** The value of a cell's last expression. */
export function resultOutput(executionCount: number | null, text: string, own?: Json): NotebookOutput {
  const data: MimeBundle = { "text/plain": text };
  if (own !== undefined) data[weightroomMime] = own;
  return { output_type: "execute_result", data, metadata: {}, execution_count: executionCount };
}

export function errorOutput(name: string, message: string, traceback: string[] = []): NotebookOutput {
  return { output_type: "error", ename: name, evalue: message, traceback };
}
