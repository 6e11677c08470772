import { untilCancelled } from "../../base/cancel";
import { type Elements, maxInFlight } from "../../device/backend";
import type { Tensor } from "../../tensor/tensor";

/** Receives the values of a readback and the time at which they arrived. */
export type ReadbackHandler = (values: Elements, at: number) => void;

/**
 * Readbacks that overlap with further work. Their values are used in order. Up to the in-flight limit they are not
 * awaited, so that the device is never idle.
 */
export class InFlightQueue {
  /** Resolve to the use of the values. They never reject, because they may not be awaited yet. */
  private readonly pending: Promise<() => void>[] = [];

  /** Waits for the in-flight limit, then starts the readback of a tensor and disposes the tensor afterwards. */
  async add(tensor: Tensor, use: ReadbackHandler): Promise<void> {
    while (this.pending.length >= maxInFlight) await this.awaitOldest();
    this.pending.push(read(tensor, use));
  }

  /** Waits for all readbacks. */
  async drain(): Promise<void> {
    while (this.pending.length > 0) await this.awaitOldest();
  }

  private async awaitOldest(): Promise<void> {
    const settle = await untilCancelled(this.pending.shift()!);
    settle();
  }
}

async function read(tensor: Tensor, use: ReadbackHandler): Promise<() => void> {
  try {
    const values = await tensor.backend.read(tensor.slot(), "beside");
    const at = performance.now();
    return () => use(values, at);
  } catch (error) {
    return () => {
      throw error;
    };
  } finally {
    tensor.dispose();
  }
}
