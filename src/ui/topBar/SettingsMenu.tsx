import { Languages } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useStore } from "zustand";
import { settingsStore } from "../../store/stores";
import { classNames } from "../classNames";
import { useTexts } from "../Texts";
import buttonStyles from "../widgets/controls/Button.module.css";
import { ChoiceSection, Menu } from "../widgets/controls/Menu";

/** Language and theme. Each language is named in itself, so that its speakers find it. */
export function SettingsMenu() {
  const texts = useTexts().app;
  const { language, theme, setLanguage, setTheme } = useStore(settingsStore);
  return (
    <Menu
      label={texts.settings}
      trigger={
        <AriaButton
          className={classNames(buttonStyles.button, buttonStyles.icon, buttonStyles.plain)}
          aria-label={texts.settings}
        >
          <Languages aria-hidden="true" />
        </AriaButton>
      }
    >
      <ChoiceSection
        title={texts.language}
        value={language}
        choices={[
          { value: "en", label: "English" },
          { value: "zh", label: "中文" },
        ]}
        onChange={setLanguage}
      />
      <ChoiceSection
        title={texts.theme}
        value={theme}
        choices={(["system", "light", "dark"] as const).map((value) => ({ value, label: texts.themes[value] }))}
        onChange={setTheme}
      />
    </Menu>
  );
}
