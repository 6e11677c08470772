import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

const root = join(import.meta.dirname, "..");
const index = JSON.parse(readFileSync(join(root, "public/lessons/index.json"), "utf8")) as { name: string }[];
const languages = process.env.WEIGHTROOM_FULL ? ["en", "zh"] : ["en"];

/** Runs `npm run notebook` on a lesson and returns its exit code and output. */
function runLesson(name: string, language: string, device: string) {
  const file = join(root, "public/lessons", `${name}.${language}.ipynb`);
  const args = [join(root, "scripts/notebook.mjs"), file, "--device", device];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, stdout, stderr };
}

for (const { name } of index) {
  for (const language of languages) {
    for (const device of ["gpu", "cpu"]) {
      test(`npm run notebook runs lesson ${name}.${language} completely, on the ${device}`, () => {
        const { status, stdout, stderr } = runLesson(name, language, device);
        expect({ status, failed: stdout.match(/^failed: .*/gm) }, stderr).toEqual({ status: 0, failed: null });
        expect(stdout).toMatch(/^passed: /m);
        expect(stdout).toContain(`device=${device.toUpperCase()}:0`);
      });
    }
  }
}
