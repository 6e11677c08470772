import type { Language } from "../../i18n/language";
import { formatBytes, formatCount } from "../../i18n/numbers";
import { useLanguage, useTexts } from "../Texts";
import styles from "./DeviceSheet.module.css";

/** Limits that count bytes; all others count things. */
const inBytes = new Set([
  "maxTensorBytes",
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
]);

/** What a device allows at most: in words, under its own name, with its unit. */
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

/** What a reader runs into first stands first. */
function rank(name: string): number {
  const order = [...inBytes].indexOf(name);
  return order < 0 ? inBytes.size : order;
}

function valueOf(name: string, value: number, language: Language): string {
  return inBytes.has(name) ? formatBytes(value, language) : formatCount(value, language);
}
