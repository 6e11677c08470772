import { expect, test } from "vitest";
import { Evaluator } from "./evaluate";
test("smoke", async () => {
  const e = new Evaluator({ twice: (x: number) => 2 * x });
  const r = await e.run({
    cell: "a",
    run: 1,
    source:
      "const x: number = 3; type T = string;\ninterface A { b: number }\nlet { a, b: c } = { a: 1, b: 2 } as any;\nfunction f<T>(v: T) { return twice(x) + v }\nawait f(1)",
  });
  expect(r).toEqual({ ok: true, value: 7, declared: ["x", "a", "c", "f"] });
  const r2 = await e.run({ cell: "b", run: 1, source: "let q = 1;\n  const zz: number = f(2); throw new Error('x')" });
  expect(r2.ok).toBe(false);
  expect(e.placeOf((r2 as any).error)).toEqual({ cell: "b", line: 2, column: 34 });
});
