import { Cpu, MonitorCog } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { useStore } from "zustand";
import { formatBytes } from "../../i18n/numbers";
import type { DeviceDescription } from "../../protocol/protocol";
import type { DeviceChoice } from "../../store/settingsStore";
import { sessionStore, settingsStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import { DeviceDetails } from "./DeviceDetails";
import styles from "./DeviceChip.module.css";

/** The default device, in the bar: GPU:0 if there is one, unless the user chose otherwise. */
export function DeviceChip() {
  const texts = useTexts().devices;
  const language = useLanguage();
  const { status, devices, gpu } = useStore(sessionStore);
  const choice = useStore(settingsStore, (state) => state.device);
  const main = mainDevice(devices, choice);
  const isGpu = main?.device.startsWith("GPU") ?? false;
  const Icon = isGpu ? MonitorCog : Cpu;
  return (
    <DialogTrigger>
      <AriaButton
        className={styles.chip}
        data-state={status === "ready" && gpu !== "ready" ? "fallback" : status}
        data-slow={(isGpu && main?.software) || undefined}
      >
        <Icon aria-hidden="true" />
        {main ? (
          <>
            <span className={styles.device}>{main.device}</span>
            {main.software && isGpu ? (
              <span className={styles.tag}>{texts.slowGpu}</span>
            ) : (
              <span className={styles.name}>{nameOf(main) || (isGpu ? texts.hardwareGpu : texts.processor)}</span>
            )}
            <span className={styles.bytes}>{formatBytes(main.bytesInUse, language)}</span>
          </>
        ) : (
          <span>{status === "failed" ? "–" : texts.starting}</span>
        )}
      </AriaButton>
      <Popover className={styles.popover} placement="bottom end" offset={6}>
        <Dialog className={styles.dialog} aria-label={texts.title}>
          <DeviceDetails />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** The device on which new tensors are created: the first GPU, otherwise the CPU, or the user's choice. */
function mainDevice(devices: readonly DeviceDescription[], choice: DeviceChoice): DeviceDescription | undefined {
  return devices.find(({ device }) => device.startsWith(choice === "cpu" ? "CPU" : "GPU")) ?? devices[0];
}

/** The short name of an adapter. */
function nameOf({ device, vendor, architecture }: DeviceDescription): string {
  return device.startsWith("GPU") ? [vendor, architecture].filter(Boolean).join(" ") : "";
}
