import { expect, test } from "vitest";
import { boundedInteger, foldIn, hashText, keyOf, philox, randomBits, splitKey, Stream } from "./randomKeys";

test("Philox returns the known answers of its authors' library, Random123", () => {
  const all = 0xffffffff;
  const pi = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;
  expect([...philox(Uint32Array.of(0, 0, 0, 0), [0, 0])]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  expect([...philox(Uint32Array.of(all, all, all, all), [all, all])]).toEqual([
    0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
  ]);
  expect([...philox(Uint32Array.of(...pi), [0xa4093822, 0x299f31d0])]).toEqual([
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
  ]);
});

test("word i is word i % 4 of counter i / 4, for every number of words", () => {
  const key = keyOf(7);
  const bits = randomBits(key, 10);
  expect([...bits.subarray(4, 8)]).toEqual([...philox(Uint32Array.of(1, 0, 0, 0), key)]);
  expect([...randomBits(key, 5)]).toEqual([...bits.subarray(0, 5)]);
});

test("split and folded keys differ from each other and from their parent", () => {
  const key = keyOf(1);
  const keys = [key, ...splitKey(key, 50), ...Array.from({ length: 50 }, (_, index) => foldIn(key, index))];
  expect(new Set(keys.map((words) => words.join())).size).toBe(101);
  expect(splitKey(key, 2)).toEqual(splitKey(key, 50).slice(0, 2));
});

test("a seed may have more than 32 bits", () => {
  expect(keyOf(2 ** 40 + 3)).toEqual([3, 256]);
});

test("a stream yields different keys, and repeats them after a restart", () => {
  const stream = new Stream(keyOf(9));
  const first = [stream.next(), stream.next(), stream.next()];
  stream.restart(9);
  expect([stream.next(), stream.next(), stream.next()]).toEqual(first);
  expect(new Set(first.map((key) => key.join())).size).toBe(3);
});

test("bounded integers cover their range from end to end", () => {
  expect([0, 0x7fffffff, 0x80000000, 0xffffffff].map((word) => boundedInteger(word, 10))).toEqual([0, 4, 5, 9]);
});

test("different texts hash to different words", () => {
  const names = Array.from({ length: 1000 }, (_, index) => `${index}/kernel`);
  expect(new Set(names.map(hashText)).size).toBe(1000);
});
