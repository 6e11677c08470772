/**
 * Assembles the matrix multiplication of CPU:0, src/device/cpu/matmul/*.wat, into src/device/cpu/matmul/matmulWasm.ts.
 *
 *   node scripts/generate/makeMatmulWasm.mjs
 *
 * A test assembles the files again and compares, so that source and binary cannot diverge.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import openWabt from "wabt";
import { root } from "../install.mjs";

const folder = "src/device/cpu/matmul";
export const target = "src/device/cpu/matmul/matmulWasm.ts";

/** Each module consists of the panels and one tile. */
const modules = [
  { name: "plainModule", tile: "tile4x8.wat", needs: "SIMD" },
  { name: "relaxedModule", tile: "tile6x8.wat", needs: "SIMD and relaxed SIMD" },
];

/** @param {string} file */
function read(file) {
  return readFileSync(join(root, folder, file), "utf8");
}

/** Returns the text of the generated file. */
export async function makeMatmulWasm() {
  const wabt = await openWabt();
  const lines = modules.map(({ name, tile, needs }) => {
    const parsed = wabt.parseWat(tile, `(module\n${read("panels.wat")}\n${read(tile)})`, { relaxed_simd: true });
    parsed.validate();
    const code = Buffer.from(parsed.toBinary({}).buffer);
    return `/** panels.wat and ${tile}: ${code.length} bytes. Needs ${needs}. */\nexport const ${name} =\n  "${code.toString("base64")}";\n`;
  });
  const header =
    "// Generated from src/device/cpu/matmul/*.wat by `node scripts/generate/makeMatmulWasm.mjs`: edit those files instead.\n";
  return [header, ...lines].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(join(root, target), await makeMatmulWasm());
}
