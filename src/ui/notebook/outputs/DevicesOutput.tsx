import type { DeviceDescription } from "../../../protocol/protocol";
import { DeviceSheet } from "../../devices/DeviceSheet";
import { useTexts } from "../../Texts";
import styles from "./DevicesOutput.module.css";

/** Results of `deviceInfo`, side by side if there is room. */
export function DevicesOutput({ devices }: { devices: readonly DeviceDescription[] }) {
  const texts = useTexts().outputs;
  return (
    <div className={styles.devices} role="group" aria-label={texts.devices}>
      {devices.map((device, position) => (
        <div key={position} className={styles.device}>
          <DeviceSheet device={device} open={devices.length === 1} />
        </div>
      ))}
    </div>
  );
}
