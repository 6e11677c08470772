import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { buildIfNeeded } from "../scripts/build.mjs";
import { isFull } from "./support";

const root = join(import.meta.dirname, "..");
const index = JSON.parse(readFileSync(join(root, "public/lessons/index.json"), "utf8")) as { name: string }[];
const languages = isFull ? ["en", "zh"] : ["en"];

/** On the CPU, `src/testing/lessons.test.ts` runs the lessons in every `npm test`. */
const devices = isFull ? ["gpu", "cpu"] : ["gpu"];

interface CommandResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs `npm run notebook` on a lesson. */
function runLesson(name: string, language: string, device: string): Promise<CommandResult> {
  const file = join(root, "public/lessons", `${name}.${language}.ipynb`);
  const args = [join(root, "scripts/notebook.mjs"), file, "--device", device];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? 1, stdout, stderr }),
    );
  });
}

// Otherwise commands that run side by side would build into one folder.
test.beforeAll(() => buildIfNeeded());

for (const { name } of index) {
  for (const language of languages) {
    // Both devices side by side: each run mostly waits for its browser.
    let results: Map<string, Promise<CommandResult>> | undefined;
    for (const device of devices) {
      test(`npm run notebook runs lesson ${name}.${language} completely, on the ${device}`, async () => {
        results ??= new Map(devices.map((one) => [one, runLesson(name, language, one)]));
        const { status, stdout, stderr } = await results.get(device)!;
        expect({ status, failed: stdout.match(/^failed: .*/gm) }, stderr).toEqual({ status: 0, failed: null });
        expect(stdout).toMatch(/^passed: /m);
        expect(stdout).toContain(`device=${device.toUpperCase()}:0`);
      });
    }
  }
}
