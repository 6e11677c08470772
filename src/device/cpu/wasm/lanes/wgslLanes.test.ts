import { expect, test } from "vitest";
import { sources } from "../../../sources";
import { readWgsl, UnsupportedWgsl } from "../../../wgsl/wgslReader";
import { WasmGraph } from "../assembler/wasmGraph";
import type { ScalarType, Value } from "./laneValues";
import { WgslLanes } from "./wgslLanes";

/** Returns an argument that is unknown at compile time. */
function argumentOf(type: string, T: ScalarType, graph: WasmGraph, at: number): Value {
  const vector = /^vec(\d)u$/.exec(type);
  if (vector) {
    const parts = Array.from({ length: Number(vector[1]) }, (_, k) => argumentOf("u32", T, graph, 4 * at + k));
    return { type: "vector", parts };
  }
  const node = graph.load("v128.load", { address: graph.whole(0), offset: 16 * at });
  return { type: (type === "T" ? T : type) as ScalarType, node };
}

test("every function of shaders/functions/ is supported for each of its types", () => {
  const refused: string[] = [];
  for (const [file, text] of sources) {
    if (!file.startsWith("functions/")) continue;
    const name = file.slice("functions/".length);
    const { parameters } = readWgsl(text).find((one) => one.name === name)!;
    for (const T of parameters.some(({ type }) => type === "T") ? (["f32", "i32"] as const) : (["f32"] as const)) {
      const graph = new WasmGraph();
      const args = parameters.map(({ type }, at) => argumentOf(type, T, graph, at));
      try {
        new WgslLanes(graph, { fuses: false }).call(name, args, { T });
      } catch (error) {
        if (!(error instanceof UnsupportedWgsl)) throw error;
        refused.push(`${name} of ${T}: ${error.message}`);
      }
    }
  }
  expect(refused).toEqual([]);
});

test("unsupported WGSL is rejected by name", () => {
  const element = (body: string) => () =>
    new WgslLanes(new WasmGraph(), { fuses: false }).element(`fn value() -> T {\n${body}\n}`, [], { T: "f32" });
  expect(element("return dpdx(1.0);")).toThrow(new UnsupportedWgsl("the function dpdx"));
  expect(element("while (true) {}")).toThrow(UnsupportedWgsl);
  expect(element("return other;")).toThrow(new UnsupportedWgsl("other"));
  expect(element("return 1u;")).toThrow(new UnsupportedWgsl("u32 as f32"));
  expect(element("return 1.0")).toThrow(new UnsupportedWgsl("expected ;, got }"));
});
