import { untilCancelled } from "../base/cancel";
import { type Elements, maxInFlight } from "../device/backend";
import type { Tensor } from "../tensor/tensor";

/** What is read of a device, and when it was there. */
export type Use = (values: Elements, at: number) => void;

/** Reads that go on beside the work: their values are used in order, and only so many are unfinished that the device is never idle. */
export class Flight {
  /** Resolve to what is to be done then; they never reject, since nobody may be waiting yet. */
  private readonly reading: Promise<() => void>[] = [];

  /** Waits while too much is unfinished, then starts the work that leads to a tensor, and frees it once it is read. */
  async add(tensor: Tensor, use: Use): Promise<void> {
    while (this.reading.length >= maxInFlight) await this.settleFirst();
    this.reading.push(read(tensor, use));
  }

  /** Waits for all that is unfinished. */
  async drain(): Promise<void> {
    while (this.reading.length > 0) await this.settleFirst();
  }

  private async settleFirst(): Promise<void> {
    const settle = await untilCancelled(this.reading.shift()!);
    settle();
  }
}

async function read(tensor: Tensor, use: Use): Promise<() => void> {
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
