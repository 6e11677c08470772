import { expect, test } from "vitest";
import { compileFunction, configureLogicalDevices, dense, random } from "../../index";

test("a replayed function is recorded again after its block moved, and rejects copies between devices", async () => {
  configureLogicalDevices("CPU", 2);
  const net = dense(3);
  const x = random.normal([2, 4], 0, 1, { device: "CPU:0" });
  let calls = 0;
  const run = compileFunction(
    (input: typeof x) => {
      calls++;
      return net.call(input);
    },
    { replay: true },
  );
  await run(x);
  net.to("CPU:1");
  const there = await run(x.to("CPU:1"));
  expect([there.device, calls]).toEqual(["CPU:1", 2]);
  await expect(run(x)).rejects.toThrow("CPU:0 and CPU:1");
  net.to("CPU:0");
  expect(await (await run(x)).array()).toEqual(await there.array());
  const copies = compileFunction(() => x.to("CPU:1").mul(2), { replay: true });
  await expect(copies()).rejects.toThrow("got one that copies values to another device");
});
