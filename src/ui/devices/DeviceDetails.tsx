import { useStore } from "zustand";
import { formatBytes, formatCount } from "../../i18n/numbers";
import type { DeviceDescription } from "../../session/protocol";
import { sessionStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import styles from "./DeviceDetails.module.css";

/** Why there is or is not a GPU, and everything known of each device. */
export function DeviceDetails() {
  const texts = useTexts().devices;
  const { gpu, devices } = useStore(sessionStore);
  return (
    <div className={styles.details}>
      <h2 className={styles.title}>{texts.title}</h2>
      {gpu === null && <p>{texts.starting}</p>}
      {gpu !== null && (
        <p className={gpu === "ready" ? styles.ready : styles.fallback}>
          {texts.states[gpu]} {gpu !== "ready" && texts.remedies[gpu]}
        </p>
      )}
      {devices.map((device) => (
        <OneDevice key={device.device} device={device} />
      ))}
    </div>
  );
}

function OneDevice({ device }: { device: DeviceDescription }) {
  const texts = useTexts().devices;
  const language = useLanguage();
  const isGpu = device.device.startsWith("GPU");
  const kind = !isGpu ? texts.processor : device.software ? texts.softwareGpu : texts.hardwareGpu;
  const rows: [string, string][] = [
    [texts.kind, kind],
    ...(isGpu
      ? ([
          [texts.vendor, device.vendor || texts.unknown],
          [texts.architecture, device.architecture || texts.unknown],
          ...(device.description ? [[texts.description, device.description]] : []),
        ] as [string, string][])
      : []),
    [texts.memory, formatBytes(device.bytesInUse, language)],
    [texts.peak, formatBytes(device.peakBytes, language)],
    [texts.buffers, formatCount(device.buffers, language)],
    [isGpu ? texts.dispatches : texts.operations, formatCount(device.dispatches, language)],
  ];
  const limits = Object.entries(device.limits);
  return (
    <section className={styles.device} aria-label={device.device}>
      <h3>{device.device}</h3>
      <dl className={styles.rows}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {limits.length > 0 && (
        <details>
          <summary>
            {texts.limits} ({limits.length})
          </summary>
          <dl className={styles.rows}>
            {limits.map(([name, value]) => (
              <div key={name}>
                <dt className={styles.code}>{name}</dt>
                <dd>{formatCount(value, language)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {isGpu && (
        <details>
          <summary>
            {texts.features} ({device.features.length})
          </summary>
          <p className={styles.code}>{device.features.join(", ") || texts.none}</p>
        </details>
      )}
    </section>
  );
}
