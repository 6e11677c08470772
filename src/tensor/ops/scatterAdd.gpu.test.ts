import { beforeAll, expect } from "vitest";
import { compileFunction, random, tensor } from "../../index";
import { eachDevice, openTestDevices } from "../../testing/eachDevice";

beforeAll(openTestDevices);

eachDevice("many slices are added by linked lists, in order, eagerly and in a plan", async (device) => {
  const [outer, length, inner] = [2, 300, 5];
  const given = (await random.integers([7, 40], -length - 3, length + 3, { device }).data()) as Int32Array;
  // Some indices occur often, some never.
  const indices = tensor(
    given.map((index, k) => (k % 3 === 0 ? 7 : index)),
    { device },
  ).reshape([7, 40]);
  const x = random.normal([outer, 7, 40, inner], 0, 1, { device });
  const [values, named] = [await x.data(), await indices.data()];
  const expected = new Float32Array(outer * length * inner);
  for (let o = 0; o < outer; o++) {
    named.forEach((name, k) => {
      const place = name < 0 ? name + length : name;
      if (place < 0 || place >= length) return;
      for (let i = 0; i < inner; i++)
        expected[(o * length + place) * inner + i]! += values[(o * named.length + k) * inner + i]!;
    });
  }
  expect(await x.scatterAdd(indices, 1, length).data()).toEqual(expected);
  const compiled = compileFunction(() => x.scatterAdd(indices, 1, length));
  for (let run = 0; run < 2; run++) expect(await (await compiled()).data()).toEqual(expected);
});
