import { useEffect } from "react";
import { useStore } from "zustand";
import { refreshDevices, sessionStore } from "../../store/stores";
import { useTexts } from "../Texts";
import { DeviceOffer } from "./DeviceOffer";
import { DeviceSheet } from "./DeviceSheet";
import styles from "./DeviceDetails.module.css";

/** While it is open, its numbers follow a running cell. */
const everyMs = 1000;

/** Why there is or is not a GPU, and all information about each device. */
export function DeviceDetails() {
  const texts = useTexts().devices;
  const { gpu, devices } = useStore(sessionStore);
  useEffect(() => {
    void refreshDevices();
    const timer = setInterval(() => void refreshDevices(), everyMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={styles.details}>
      <h2 className={styles.title}>{texts.title}</h2>
      {gpu === null && <p>{texts.starting}</p>}
      {gpu !== null && (
        <p className={gpu === "ready" ? styles.ready : styles.fallback}>
          {texts.states[gpu]} {gpu !== "ready" && texts.remedies[gpu]}
        </p>
      )}
      <DeviceOffer devices={devices} />
      {devices.map((device) => (
        <div key={device.device} className={styles.device}>
          <DeviceSheet device={device} />
        </div>
      ))}
      <p className={styles.note}>{texts.memoryNote}</p>
    </div>
  );
}
