/**
 * Limits how far a loop can run ahead of the device by results that it may never read: the losses of `minimize`. Each
 * loss is read back beside the work. Some steps later its device memory is freed and the handle keeps the value. So a
 * loop without `dispose` uses constant memory, and does not queue more steps than the device completes.
 */
import { maxInFlight } from "../../device/backend";
import type { Tensor } from "../../tensor/tensor";

/**
 * Pending reads. Each resolves to a function that stores the result or throws its error. They never reject, because
 * nothing awaits them yet.
 */
const reading: Promise<() => void>[] = [];

async function read(tensor: Tensor): Promise<() => void> {
  const handle = new WeakRef(tensor);
  try {
    const elements = await tensor.backend.read(tensor.slot(), "beside");
    return () => handle.deref()?.offload(elements);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/**
 * Waits while `maxInFlight` reads are pending, then starts to read `tensor`, which submits the work that leads to it.
 * @throws the device's error, if one occurred meanwhile
 */
export async function limitInFlight(tensor: Tensor): Promise<void> {
  if (reading.length >= maxInFlight) {
    const settle = await reading.shift()!;
    settle();
  }
  reading.push(read(tensor));
}
