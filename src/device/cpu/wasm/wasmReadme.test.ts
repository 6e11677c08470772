import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tensor, type Tensor } from "../../../index";
import { programOf } from "../../../testing/wasmPrograms";
import { listFunctions } from "./assembler/listing";
import { writeWasm } from "./writeWasm";

test("the listing in README.md is what its example compiles to", async () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const shown = /```wat\n([^]*?)```/.exec(readme)![1]!.trim();
  const x = tensor([0, 1, 2, 3, 4, 5, 6, 7], { device: "CPU:0" });
  const { program } = await programOf((one: Tensor) => one.square().mul(0.5).add(one), [x]);
  const { bytes } = writeWasm(program, { memory: 1024, variables: [], numbers: 64 }, { fuses: false });
  expect([...listFunctions(bytes).values()]).toEqual([shown]);
});
