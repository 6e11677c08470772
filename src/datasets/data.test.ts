import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readIdx } from "../formats/idx";

const folder = new URL("../../public/data/", import.meta.url);

/** Shape and SHA-256 of the unpacked content of each file, as scripts/generate/makeData.py produces it. */
const expected: { [name: string]: [number[], string] } = {
  "digits-images": [[1797, 8, 8], "359cd13f0f514122884198b78a131df597421cbf5e93a76678fa96fc548f0d96"],
  "digits-labels": [[1797], "ce71631c1f31ce56fa54f31d1d498fafacff59b001e6c30c4a5e29508aa277ad"],
  "fashion-mnist-test-images": [[1000, 28, 28], "4d448c9f6d00e88536005c0af8a45d41b7032020809a95467460cf5d5479b2cc"],
  "fashion-mnist-test-labels": [[1000], "dcb34fb153f1f681860f2c7efab83bf55304ef771c6e1d36613173cd988e958d"],
  "fashion-mnist-train-images": [[6000, 28, 28], "4f4f01b5da612a3a813bd074442e170529dcef734e6adf2afb15766746e27831"],
  "fashion-mnist-train-labels": [[6000], "28a1f13b424a56c99d03b91c44a37c0839c02ac1e85437d7f948783457f0a5bf"],
  "iris-labels": [[150], "5b7f7f84da6dd8bbab0b7fb629cc04a51ea21fc78529d1a0a7ab710d4efcb601"],
  "iris-lengths": [[150, 4], "3c2c9c1b07e2e08a0f02c18bcb501a288d83cd7fda369571f5214753f3817b4d"],
};

function read(name: string): Buffer {
  return gunzipSync(readFileSync(new URL(`${name}.idxz`, folder)));
}

test("the data files are complete and unchanged", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".idxz"));
  const found = names.map((file) => {
    const name = file.replace(".idxz", "");
    const bytes = read(name);
    return [name, [readIdx(bytes).shape, createHash("sha256").update(bytes).digest("hex")]];
  });
  expect(Object.fromEntries(found)).toEqual(expected);
});

test("no file is larger than 3 MB", () => {
  const large = readdirSync(folder).filter((name) => readFileSync(new URL(name, folder)).length > 3e6);
  expect(large).toEqual([]);
});

test.each([
  // The digits have the counts of the source, in which 13 people wrote them.
  ["digits-labels", [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]],
  ["fashion-mnist-train-labels", new Array<number>(10).fill(600)],
  ["fashion-mnist-test-labels", new Array<number>(10).fill(100)],
  ["iris-labels", [50, 50, 50]],
])("%s contains the right number of each class", (name, counts) => {
  const found = new Array<number>(counts.length).fill(0);
  for (const label of readIdx(read(name)).data) found[Number(label)]!++;
  expect(found).toEqual(counts);
});

test("the first digit is a 0, with 0 to 16 inked pixels per square", () => {
  const { data } = readIdx(read("digits-images"));
  const rows = Array.from({ length: 8 }, (_, row) => Array.from(data.subarray(8 * row, 8 * row + 8), Number));
  expect(rows).toEqual([
    [0, 0, 5, 13, 9, 1, 0, 0],
    [0, 0, 13, 15, 10, 15, 5, 0],
    [0, 3, 15, 2, 0, 11, 8, 0],
    [0, 4, 12, 0, 0, 8, 8, 0],
    [0, 5, 8, 0, 0, 9, 8, 0],
    [0, 4, 11, 0, 1, 12, 7, 0],
    [0, 2, 14, 5, 10, 12, 0, 0],
    [0, 0, 6, 13, 10, 0, 0, 0],
  ]);
  expect(readIdx(read("digits-labels")).data[0]).toBe(0);
});

test("the README names every file's licence and source", () => {
  const text = readFileSync(new URL("README.md", folder), "utf8");
  for (const name of Object.keys(expected)) expect(text).toContain(`\`${name}.idxz\``);
  expect(text.match(/Licence: .+/g)).toHaveLength(3);
  expect(text.match(/Source: .+/g)).toHaveLength(3);
});
