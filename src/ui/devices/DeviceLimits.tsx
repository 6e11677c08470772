import type { Language } from "../../i18n/language";
import { formatBytes, formatCount } from "../../i18n/numbers";
import { useLanguage, useTexts } from "../Texts";
import styles from "./DeviceSheet.module.css";

/** Limits in bytes; all others are counts. */
const inBytes = new Set([
  "maxTensorBytes",
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
]);

/** The limits of a device: in words, with WebGPU's name and the unit. */
export function DeviceLimits({ limits, open }: { limits: { [name: string]: number }; open: boolean }) {
  const texts = useTexts().devices;
  const language = useLanguage();
  const entries = Object.entries(limits).toSorted(([a], [b]) => rank(a) - rank(b));
  const told = (name: string) => texts.limitTexts[name as keyof typeof texts.limitTexts];
  if (entries.length === 0) return null;
  return (
    <details open={open} className={styles.more}>
      <summary>
        {texts.limits} ({entries.length})
      </summary>
      <table className={styles.rows}>
        <tbody>
          {entries.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                {told(name)}
                <code>{name}</code>
              </th>
              <td>
                {valueOf(name, value, language)}
                {inBytes.has(name) && <span className={styles.exact}>{texts.bytes(formatCount(value, language))}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** The limits that readers hit first come first. */
function rank(name: string): number {
  const order = [...inBytes].indexOf(name);
  return order < 0 ? inBytes.size : order;
}

function valueOf(name: string, value: number, language: Language): string {
  return inBytes.has(name) ? formatBytes(value, language) : formatCount(value, language);
}
