import { uniform } from "./numbers";
import type { Workload } from "./workload";

/** The product of two square matrices, read back in full. */
export function matmul(size: number): Workload {
  return {
    id: `matmul-${size}`,
    title: `product of two ${size}x${size} matrices, read back`,
    unit: "GFLOP/s",
    flops: 2 * size ** 3,
    checkSteps: 1,
    stateless: true,
    full: size > 1024 ? "row" : undefined,
    prepare: (system) =>
      system.matmul({ size, a: uniform(size * size, 400, 0, 1), b: uniform(size * size, 401, 0, 1) }),
  };
}
