import { Dices, Download, RotateCcw, Upload, Weight } from "lucide-react";
import { useRef } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useStore } from "zustand";
import { sessionStore, weightsStore } from "../../store/stores";
import { classNames } from "../classNames";
import { saveFile } from "../saveFile";
import { useTexts } from "../Texts";
import buttonStyles from "../widgets/controls/Button.module.css";
import { chooseFiles, FileField } from "../widgets/controls/FileField";
import { Menu, MenuItem, MenuSection } from "../widgets/controls/Menu";
import styles from "./WeightsMenu.module.css";

/** Weight files of the models that a cell's source declares: download, upload, reset, new seed. */
export function WeightsMenu({ source }: { source: string }) {
  const texts = useTexts().files.weights;
  const models = useStore(sessionStore, (state) => state.models);
  const field = useRef<HTMLInputElement>(null);
  const target = useRef("");
  const own = models.filter(({ variable }) => new RegExp(`\\b(const|let|var)\\s+${escape(variable)}\\b`).test(source));
  if (own.length === 0) return null;
  const { compare, download, initialize } = weightsStore.getState();

  async function save(model: string) {
    const bytes = await download(model);
    if (bytes) saveFile(`${model}.safetensors`, bytes);
  }

  async function upload(file: File) {
    await compare(target.current, file.name, new Uint8Array(await file.arrayBuffer()));
  }

  return (
    <>
      <Menu
        label={texts.menu}
        trigger={
          <AriaButton className={classNames(buttonStyles.button, buttonStyles.plain, buttonStyles.small)}>
            <Weight aria-hidden="true" />
            <span className={styles.name}>{texts.menu}</span>
          </AriaButton>
        }
      >
        {own.map(({ variable, root }) => (
          <MenuSection key={variable} title={own.length > 1 || !root.built ? texts.menuOf(variable) : undefined}>
            <MenuItem
              label={texts.download}
              detail={root.built ? undefined : texts.unbuilt}
              icon={<Download />}
              disabled={!root.built}
              onAction={() => void save(variable)}
            />
            <MenuItem
              label={texts.upload}
              icon={<Upload />}
              onAction={() => {
                target.current = variable;
                chooseFiles(field);
              }}
            />
            <MenuItem
              label={texts.reset}
              icon={<RotateCcw />}
              disabled={!root.built}
              onAction={() => void initialize(variable)}
            />
            <MenuItem
              label={texts.newSeed}
              icon={<Dices />}
              disabled={!root.built}
              onAction={() => void initialize(variable, crypto.getRandomValues(new Uint32Array(1))[0])}
            />
          </MenuSection>
        ))}
      </Menu>
      <FileField field={field} onFiles={([file]) => void upload(file!)} />
    </>
  );
}

function escape(text: string): string {
  return text.replace(/[$]/g, "\\$&");
}
