import type { Json } from "../base/info";
import type { JsonObject } from "./notebookDocument";

/** MIME type of our snapshots of tensors, images and summaries, which contain more than the text/plain beside them. */
export const weightroomMime = "application/vnd.weightroom.v1+json";

/** The same content in several formats. Text is a single string, not a list of lines; `*+json` is any JSON. */
export type MimeBundle = JsonObject;

/** The outputs of nbformat 4, with its field names, so that files need no translation. */
export type NotebookOutput =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: JsonObject }
  | { output_type: "execute_result"; data: MimeBundle; metadata: JsonObject; execution_count: number | null }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** The outputs of a cell's last run. */
export interface CellOutputs {
  executionCount: number | null;
  outputs: NotebookOutput[];
}

/** Outputs by cell id. */
export type NotebookOutputs = ReadonlyMap<string, CellOutputs>;

/** Returns an output for printed text. */
export function streamOutput(text: string, name: "stdout" | "stderr" = "stdout"): NotebookOutput {
  return { output_type: "stream", name, text };
}

/** Returns an output for a picture or table: plain text, an optional snapshot and an optional PNG in base64. */
export function displayOutput(text: string, own?: Json, png?: string): NotebookOutput {
  const data: MimeBundle = { "text/plain": text };
  if (own !== undefined) data[weightroomMime] = own;
  if (png !== undefined) data["image/png"] = png;
  return { output_type: "display_data", data, metadata: {} };
}

/** Returns an output for the value of a cell's last expression. */
export function resultOutput(executionCount: number | null, text: string, own?: Json): NotebookOutput {
  const data: MimeBundle = { "text/plain": text };
  if (own !== undefined) data[weightroomMime] = own;
  return { output_type: "execute_result", data, metadata: {}, execution_count: executionCount };
}

export function errorOutput(name: string, message: string, traceback: string[] = []): NotebookOutput {
  return { output_type: "error", ename: name, evalue: message, traceback };
}
