import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

let folder: string;
test.beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "weightroom-"))));
test.afterAll(() => rmSync(folder, { recursive: true }));

function notebookOf(...sources: string[]): string {
  const file = join(folder, `${sources.length}-${sources.join("").length}.ipynb`);
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  }));
  writeFileSync(file, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

function runNotebook(args: string[], env: NodeJS.ProcessEnv = {}) {
  const script = join(import.meta.dirname, "..", "scripts", "notebook.mjs");
  const options = { encoding: "utf8", env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options);
  return { status, stdout, stderr };
}

const first = `const net = sequential([dense(256, { activation: "relu" }), dense(10)]);
const y = net.call(random.uniform([2, 20]));
print(y.shape, y.dtype);
const [a, b] = await y.array();
print("finite", [...a, ...b].every(Number.isFinite), "different", a.some((value, i) => value !== b[i]));
print(y)`;

for (const [device, name] of [
  ["gpu", "GPU:0"],
  ["cpu", "CPU:0"],
] as const) {
  test(`npm run notebook prints the chapter's first result, on the ${device}`, () => {
    const output = join(folder, `${device}.ipynb`);
    const { status, stdout } = runNotebook([notebookOf(first), "--device", device, "--output", output]);
    expect(status).toBe(0);
    expect(stdout).toContain("[2, 10] float32\nfinite true different true\n");
    expect(stdout).toContain(`Tensor(shape=[2, 10], dtype=float32, device=${name})`);
    const { cells } = JSON.parse(readFileSync(output, "utf8"));
    const shown = cells[0].outputs as { output_type: string; name: string }[];
    expect(new Set(shown.map((one) => `${one.output_type} ${one.name}`))).toEqual(new Set(["stream stdout"]));
  });
}

test("a failing cell ends the command with 1, and its error is in the file", () => {
  const output = join(folder, "failed.ipynb");
  const { status, stderr } = runNotebook([notebookOf("print(1)", "\nones([2]).add(ones([3]))"), "--output", output]);
  expect(status).toBe(1);
  expect(stderr).toContain("ShapeError");
  expect(JSON.parse(readFileSync(output, "utf8")).cells[1].outputs[0]).toMatchObject({
    output_type: "error",
    ename: "ShapeError",
  });
});

test("an absent device or an invalid call ends the command with 2 and runs nothing", () => {
  const absent = runNotebook([notebookOf("print('ran')"), "--device", "gpu"], { WEIGHTROOM_GPU: "0" });
  expect([absent.status, absent.stdout]).toEqual([2, ""]);
  expect(absent.stderr).toContain("No GPU");
  expect(runNotebook([]).status).toBe(2);
  expect(runNotebook([join(folder, "absent.ipynb")]).status).toBe(2);
});
