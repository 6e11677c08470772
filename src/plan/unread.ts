/**
 * Results that a loop may never read: the losses of `minimize`. Each is read
 * beside the work, and some steps later its device memory is freed while the
 * handle keeps the value. So a loop without `dispose` holds the same bytes at
 * every step, and no more steps are queued than the device keeps up with.
 */
import { maxInFlight } from "../device/backend";
import type { Tensor } from "../tensor/tensor";

/** Resolve to what is to be done with the result; never reject, since nobody waits for them yet. */
const reading: Promise<() => void>[] = [];

async function read(tensor: Tensor): Promise<() => void> {
  const handle = new WeakRef(tensor);
  try {
    const elements = await tensor.backend.read(tensor.slot(), "beside");
    return () => handle.deref()?.setAside(elements);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/**
 * Waits while `maxInFlight` such starts are unfinished, then starts the work that
 * leads to `tensor`. @throws what went wrong on the device meanwhile.
 */
export async function paceBy(tensor: Tensor): Promise<void> {
  if (reading.length >= maxInFlight) {
    const settle = await reading.shift()!;
    settle();
  }
  reading.push(read(tensor));
}
