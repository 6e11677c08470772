import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkSizes } from "./checkSizes.mjs";
import { checkTiers } from "./checkTiers.mjs";

const made: string[] = [];

afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** Creates a temporary repository with these files. */
function project(files: Record<string, string>): string {
  const top = mkdtempSync(join(tmpdir(), "checks-"));
  made.push(top);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
  return top;
}

function lines(count: number): string {
  return "// line\n".repeat(count);
}

describe("checkTiers", () => {
  function problemsOf(files: Record<string, string>): string[] {
    return checkTiers(project(files)).problems;
  }

  test("allows imports from the same tier and from those to its left", () => {
    const files = {
      "src/base/shape.ts": "export const a = 1;",
      "src/tensor/tensor.ts": 'import { a } from "../base/shape"; import "./node"; export const b = a;',
      "src/tensor/node.ts": "export const c = 1;",
      "src/tensor/ops/index.ts": 'export { b } from "../tensor";',
      "package.json": '{ "dependencies": { "react": "1.0.0" } }',
      "src/index.ts": 'export * from "./tensor/tensor";',
      "src/ui/App.tsx": 'import React from "react"; import { b } from "../client/client"; export const x = [React, b];',
      "src/client/client.ts": 'import { m } from "../protocol/messages"; export const b = m;',
      "src/protocol/messages.ts": "export const m = 1;",
    };
    expect(checkTiers(project(files))).toEqual({ problems: [], files: 8 });
  });

  test("rejects imports to the right, including types and inline types", () => {
    const files = {
      "src/base/shape.ts": 'import type { T } from "../tensor/tensor"; export type U = T | import("../nn/block").B;',
      "src/tensor/tensor.ts": "export type T = 1;",
      "src/nn/block.ts": "export type B = 1;",
    };
    expect(problemsOf(files)).toEqual([
      "src/base/shape.ts imports src/tensor/tensor.ts: the tier base may import nothing, not tensor.",
      "src/base/shape.ts imports src/nn/block.ts: the tier base may import nothing, not nn.",
    ]);
  });

  test("keeps the runtime out of the page, even by dynamic import", () => {
    const files = {
      "src/store/models.ts": 'export const load = () => import("../nn/block");',
      "src/client/client.ts": 'import { B } from "../nn/block"; export const c = B;',
      "src/nn/block.ts": "export const B = 1;",
    };
    expect(problemsOf(files)).toEqual([
      "src/client/client.ts imports src/nn/block.ts: the tier client may import base, protocol, not nn.",
      "src/store/models.ts imports src/nn/block.ts: the tier store may import base, notebook, i18n, protocol, client, not nn.",
    ]);
  });

  test("allows the protocol to import types of the runtime, but no values", () => {
    const types = `import type { S } from "../nn/summary"; export type { S } from "../nn/summary"; import { v } from "./sizes";
      export interface A { s: S; t: import("../nn/summary").S } export const size = v;`;
    const files = {
      "src/nn/summary.ts": "export type S = 1;",
      "src/protocol/messages.ts": types,
      "src/protocol/sizes.ts": "export const v = 1;",
    };
    expect(problemsOf(files)).toEqual([]);
    const why = "the tier protocol may import only types of other tiers";
    for (const value of ['import "../nn/loss";', 'export { L } from "../nn/loss";', 'import("../nn/loss");']) {
      const more = { "src/protocol/messages.ts": `${types}\n${value}`, "src/nn/loss.ts": "export const L = 1;" };
      expect(problemsOf({ ...files, ...more })).toEqual([`src/protocol/messages.ts imports src/nn/loss.ts: ${why}.`]);
    }
  });

  test("allows only device/open.ts to name the devices", () => {
    const files = {
      "src/device/open.ts": 'import { C } from "./cpu/backend"; export const o = C;',
      "src/device/pool.ts": 'import { C } from "./cpu/backend"; export const p = C;',
      "src/device/cpu/backend.ts": "export const C = 1;",
    };
    expect(problemsOf(files)).toEqual([
      "src/device/pool.ts imports src/device/cpu/backend.ts: only src/device/open.ts may import src/device/cpu/.",
    ]);
  });

  test("reserves src/testing for tests, and keeps packages out of the runtime", () => {
    const files = {
      "src/base/shape.ts": 'import { z } from "zod"; import { g } from "../testing/golden"; export const a = [z, g];',
      "src/base/shape.test.ts": 'import "vitest"; import { g } from "../testing/golden"; export const b = g;',
      "src/testing/golden.ts": "export const g = 1;",
    };
    expect(problemsOf(files)).toEqual([
      "src/base/shape.ts imports zod: the tier base may import no package.",
      "src/base/shape.ts imports src/testing/golden.ts: only tests may import src/testing.",
    ]);
  });

  test("compares the dependencies of package.json with the imports of src", () => {
    const files = {
      "package.json": `{ "dependencies": { "@scope/used": "1.0.0", "unused": "1.0.0" },
        "devDependencies": { "@types/mdast": "1.0.0", "fast-check": "1.0.0" } }`,
      "src/ui/App.tsx":
        'import type { Root } from "mdast"; import "@scope/used/style.css"; import fc from "fast-check"; export const x = fc;',
      "src/ui/App.test.tsx": 'import "unused"; import "vitest";',
    };
    expect(problemsOf(files)).toEqual([
      "src/ui/App.tsx imports fast-check: it is not among the dependencies of package.json.",
      "package.json depends on unused, which nothing in src imports.",
    ]);
  });

  test("finds cycles, including those of types", () => {
    const files = {
      "src/base/a.ts": 'import "./b"; export const a = 1;',
      "src/base/b.ts": 'import type { C } from "./c"; export type B = C;',
      "src/base/c.ts": 'import "./a"; export type C = 1;',
    };
    expect(problemsOf(files)).toEqual(["Cycle: src/base/a.ts -> src/base/b.ts -> src/base/c.ts -> src/base/a.ts."]);
  });

  test("rejects barrels and files outside any tier", () => {
    const files = {
      "src/base/index.ts": "export const a = 1;",
      "src/base/all.ts": 'export { a } from "./one";',
      "src/base/star.ts": 'export * from "./one"; export const own = 1;',
      "src/base/one.ts": "export const a = 1;",
      "src/utils/left.ts": "export const b = 1;",
    };
    expect(problemsOf(files)).toEqual([
      "src/base/all.ts is a barrel: import from the files themselves.",
      "src/base/index.ts is a barrel: import from the files themselves.",
      "src/base/star.ts is a barrel: import from the files themselves.",
      "src/utils/left.ts is in no tier: move it, or add its folder to scripts/checkTiers.mjs.",
    ]);
  });
});

describe("checkSizes", () => {
  test("accepts files and functions up to their limits, and tests and third-party code of any length", () => {
    const top = project({
      "src/a.ts": lines(500),
      "src/b.ts": `export function b() {\n${lines(78)}}\n`,
      "src/B.tsx": `export function B() {\n${lines(348)}}\n`,
      "src/a.test.ts": lines(900),
      "src/testing/suite.ts": lines(900),
      "shaders/ops/a.wgsl": lines(170),
      "bench/node_modules/peer/index.mjs": lines(900),
      "bench/dist/page.mjs": lines(900),
    });
    expect(checkSizes(top)).toEqual({ problems: [], files: 4 });
  });

  test("rejects anything one line longer", () => {
    const top = project({
      "src/a.ts": lines(501),
      "src/b.ts": `\nexport function b() {\n${lines(79)}}\n`,
      "src/c.ts": `const c = () => {\n${lines(79)}};\nclass D { e() {\n${lines(79)}} }\n`,
      "src/B.tsx": `export function B() {\n${lines(349)}}\n`,
      "src/hook.tsx": `export function useIt() {\n${lines(79)}}\n`,
      "shaders/ops/a.wgsl": lines(171),
    });
    expect(checkSizes(top).problems).toEqual([
      "src/B.tsx has 351 lines, at most 350.",
      "src/B.tsx:1: B has 351 lines, at most 350.",
      "src/a.ts has 501 lines, at most 500.",
      "src/b.ts:2: b has 81 lines, at most 80.",
      "src/c.ts:1: c has 81 lines, at most 80.",
      "src/c.ts:82: e has 81 lines, at most 80.",
      "src/hook.tsx:1: useIt has 81 lines, at most 80.",
      "shaders/ops/a.wgsl has 171 lines, at most 170.",
    ]);
  });
});
