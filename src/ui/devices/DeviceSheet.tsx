import { useId } from "react";
import { formatBytes, formatCount } from "../../i18n/numbers";
import type { DeviceDescription } from "../../protocol/protocol";
import { classNames } from "../classNames";
import { useLanguage, useTexts } from "../Texts";
import { DeviceLimits } from "./DeviceLimits";
import styles from "./DeviceSheet.module.css";

interface DeviceSheetProps {
  device: DeviceDescription;
  /** Shows limits and features expanded. */
  open?: boolean;
}

type DeviceTexts = ReturnType<typeof useTexts>["devices"];

/** One device: its vendor, its memory and work, its limits. */
export function DeviceSheet({ device, open = false }: DeviceSheetProps) {
  const texts = useTexts().devices;
  const language = useLanguage();
  const heading = useId();
  const isGpu = device.device.startsWith("GPU");
  const kind = !isGpu ? texts.processor : device.software ? texts.softwareGpu : texts.hardwareGpu;
  const rows: [string, string][] = [
    [texts.kind, kind],
    ...(isGpu ? gpuRows(device, texts) : []),
    [texts.description, device.description || texts.unknown],
    [texts.peak, formatBytes(device.peakBytes, language)],
    [texts.buffers, formatCount(device.buffers, language)],
    [isGpu ? texts.dispatches : texts.operations, formatCount(device.dispatches, language)],
  ];
  return (
    <section className={styles.device} aria-labelledby={heading}>
      <div className={styles.head}>
        <h3 id={heading}>{device.device}</h3>
        <p className={styles.bytes}>
          <strong>{formatBytes(device.bytesInUse, language)}</strong> {texts.inUse}
        </p>
      </div>
      <table className={classNames(styles.rows, styles.facts)}>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <DeviceLimits limits={device.limits} open={open} />
      {isGpu && <Features features={device.features} open={open} />}
    </section>
  );
}

function gpuRows({ vendor, architecture }: DeviceDescription, texts: DeviceTexts): [string, string][] {
  return [
    [texts.vendor, vendor || texts.unknown],
    [texts.architecture, architecture || texts.unknown],
  ];
}

function Features({ features, open }: { features: readonly string[]; open: boolean }) {
  const texts = useTexts().devices;
  const told = (name: string) => texts.featureTexts[name as keyof typeof texts.featureTexts];
  return (
    <details open={open} className={styles.more}>
      <summary>
        {texts.features} ({features.length})
      </summary>
      {features.length === 0 && <p className={styles.muted}>{texts.none}</p>}
      <ul className={styles.features}>
        {features.map((name) => (
          <li key={name}>
            <code>{name}</code>
            {told(name) && <span className={styles.muted}>{told(name)}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
