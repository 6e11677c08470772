/** Runs the real NumPy if it is installed (Debian: python3-numpy). */
import { execFileSync } from "node:child_process";

const python = "/usr/bin/python3";

/** Files are transferred in both directions with a 4-byte length prefix. */
const frame = `
import io, struct, sys
import numpy as np
def receive():
    while length := sys.stdin.buffer.read(4):
        yield sys.stdin.buffer.read(struct.unpack("<I", length)[0])
def send(file):
    sys.stdout.buffer.write(struct.pack("<I", len(file)) + file)
received = list(receive())
`;

function canRun(): boolean {
  try {
    execFileSync(python, ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export const hasNumpy = canRun();
/** Suffix for test names. */
export const ifNoNumpy = hasNumpy ? "" : " (skipped: no python3-numpy here)";

/** Runs a script that reads files from `received` and returns files with `send(bytes)`. */
export function runNumpy(script: string, files: readonly Uint8Array[] = []): Uint8Array<ArrayBuffer>[] {
  const input = Buffer.concat(files.flatMap((file) => [Buffer.from(Uint32Array.of(file.length).buffer), file]));
  const output = execFileSync(python, ["-c", frame + script], { input, stdio: ["pipe", "pipe", "inherit"] });
  const sent: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < output.length;) {
    const end = at + 4 + output.readUInt32LE(at);
    sent.push(new Uint8Array(output.subarray(at + 4, end)));
    at = end;
  }
  return sent;
}
