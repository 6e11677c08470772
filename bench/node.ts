/** The realm of a Node process with Dawn for its WebGPU: the driver calls it by messages. */
import { create, globals } from "webgpu";
import { calls } from "./realm";

interface Call {
  id: number;
  name: keyof typeof calls;
  args: never[];
}

Object.assign(globalThis, globals);
// Peers look for WebGPU where a page has it. Node 21 and later have a navigator of their own, which cannot be assigned.
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
