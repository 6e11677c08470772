/** Realm of a Node process with Dawn as its WebGPU. The driver calls it by messages. */
import { create, globals } from "webgpu";
import { calls } from "./realm";

interface Call {
  id: number;
  name: keyof typeof calls;
  args: never[];
}

Object.assign(globalThis, globals);
// Peers look for WebGPU in `navigator`, as in a page. In Node 21 and later, `navigator` exists and cannot be assigned.
Object.defineProperty(globalThis, "navigator", {
  value: { gpu: create([]), hardwareConcurrency: Number(process.env.BENCH_CORES), userAgent: "node" },
  configurable: true,
});

process.on("message", ({ id, name, args }: Call) => {
  void Promise.resolve()
    .then(() => (calls[name] as (...args: never[]) => unknown)(...args))
    .then(
      (value) => process.send!({ id, value }),
      (error: unknown) => process.send!({ id, error: error instanceof Error ? (error.stack ?? error.message) : error }),
    );
});
