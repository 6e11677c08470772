import { useStore } from "zustand";
import type { DeviceDescription } from "../../protocol/protocol";
import { selectDevice, runStore, settingsStore } from "../../store/stores";
import { useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import styles from "./DeviceOffer.module.css";

/**
 * Shown if the GPU is emulated by the processor: explains that CPU:0 is faster, and offers to switch to it and back.
 */
export function DeviceOffer({ devices }: { devices: readonly DeviceDescription[] }) {
  const texts = useTexts().devices;
  const choice = useStore(settingsStore, (state) => state.device);
  const anew = useStore(runStore, ({ runs }) => Object.values(runs).some(({ status }) => status !== "lost"));
  const gpu = devices.find(({ device }) => device.startsWith("GPU"));
  if (!gpu || (choice === "auto" && !gpu.software)) return null;
  const isCpu = choice === "cpu";
  return (
    <div className={styles.offer}>
      <p>
        {isCpu ? texts.cpuChosen : texts.slowGpuNote} {anew && texts.choiceRestarts}
      </p>
      <Button small onPress={() => void selectDevice(isCpu ? "auto" : "cpu")}>
        {texts.computeOn(isCpu ? gpu.device : "CPU:0")}
      </Button>
    </div>
  );
}
