import { expect, test } from "vitest";
import * as library from "../src/index";
import type { CellApi } from "../src/notebook/cells/cellApi";
import { builtInCatalogue } from "../src/session/answers/catalogue";
import { cellApi } from "./cellApi";

let api: CellApi;

test("the API consists of exactly the names that a cell sees", () => {
  api = cellApi(builtInCatalogue());
  const { open: _open, setHost: _setHost, Operand: _Operand, ...seen } = library;
  const expected = [...Object.keys(seen), "print", "check", "images", "plot"];
  expect(api.names.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
}, 120_000);

test("a name has its signature, its description in both languages, and the class of its result", () => {
  const named = (name: string) => api.names.find((one) => one.name === name);
  expect(named("dense")).toEqual({
    name: "dense",
    kind: "function",
    detail: "dense(units: number, options?: DenseOptions): Dense",
    doc: builtInCatalogue().blocks.find(({ kind }) => kind === "dense")!.description,
    returns: "Block",
  });
  expect(
    named("losses")
      ?.members?.map(({ name }) => name)
      .toSorted(),
  ).toEqual(Object.keys(library.losses).toSorted());
  expect(api.members.Tensor!.find(({ name }) => name === "relu")).toMatchObject({
    detail: "relu(): Tensor",
    returns: "Tensor",
  });
});
