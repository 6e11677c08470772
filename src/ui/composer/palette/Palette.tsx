import { useEffect, useRef, useState } from "react";
import { Autocomplete, useFilter } from "react-aria-components/Autocomplete";
import { Dialog } from "react-aria-components/Dialog";
import { Header } from "react-aria-components/Header";
import { Input } from "react-aria-components/Input";
import { Menu, MenuItem, MenuSection } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { SearchField } from "react-aria-components/SearchField";
import { useStore } from "zustand";
import type { KindInfo } from "../../../base/info";
import { type BlockPath, kindInfoOf } from "../../../notebook/composition/compositionTree";
import { composerEdits } from "../../../store/modelStores";
import { sessionStore } from "../../../store/stores";
import { useLanguage, useTexts } from "../../Texts";
import { useComposer } from "../composerContext";
import { FamilyIcon } from "./FamilyIcon";
import { familyOf, groupByFamily } from "./families";
import styles from "./Palette.module.css";

interface PaletteProps {
  parent: BlockPath;
  index: number;
  onClose: () => void;
}

/** The block kinds to choose from, with a search; a new block is inserted at a position in a container. */
export function Palette({ parent, index, onClose }: PaletteProps) {
  const texts = useTexts().composer;
  return (
    <Popover className={styles.popover} offset={6} placement="bottom">
      <Dialog className={styles.dialog} aria-label={texts.palette.title}>
        <PaletteList parent={parent} index={index} onClose={onClose} />
      </Dialog>
    </Popover>
  );
}

function PaletteList({ parent, index, onClose }: PaletteProps) {
  const texts = useTexts().composer;
  const language = useLanguage();
  const { cell, kinds, compositions, say, focus } = useComposer();
  const models = useStore(sessionStore, (state) => state.models);
  const { contains } = useFilter({ sensitivity: "base" });
  const [search, setSearch] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // After the dialog has taken the focus, as it does when it was opened by keyboard.
    const frame = requestAnimationFrame(() => input.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const own = compositions[parent[0]!]?.variable;

  function finish(added: boolean, title: string) {
    onClose();
    if (!added) return;
    say(texts.said.added(title));
    focus([...parent, index]);
  }

  const blocks = kinds.blocks.filter(({ kind, title, description }) =>
    [kind, title.en, title[language], description[language]].some((text) => contains(text, search)),
  );
  const [yours, builtIn] = [
    blocks.filter(({ constructed }) => constructed),
    blocks.filter((info) => !info.constructed),
  ];
  const add = (info: KindInfo) => finish(composerEdits.insert(cell, parent, index, info.kind), info.title[language]);
  const variables = models.filter(({ variable }) => variable !== own && contains(variable, search));
  return (
    <Autocomplete inputValue={search} onInputChange={setSearch}>
      <SearchField className={styles.search} aria-label={texts.palette.search}>
        <Input ref={input} className={styles.input} placeholder={texts.palette.search} />
      </SearchField>
      <Menu className={styles.menu} aria-label={texts.palette.title} renderEmptyState={() => texts.palette.none}>
        {groupByFamily(builtIn).map((group) => (
          <MenuSection key={group.family} className={styles.section}>
            <Header className={styles.header}>{texts.families[group.family]}</Header>
            {group.kinds.map((info) => (
              <KindItem key={info.kind} info={info} onAdd={add} />
            ))}
          </MenuSection>
        ))}
        {yours.length > 0 && (
          <MenuSection className={styles.section}>
            <Header className={styles.header}>{texts.palette.own}</Header>
            {yours.map((info) => (
              <KindItem key={info.kind} info={info} onAdd={add} />
            ))}
          </MenuSection>
        )}
        {variables.length > 0 && (
          <MenuSection className={styles.section}>
            <Header className={styles.header}>{texts.palette.variables}</Header>
            {variables.map(({ variable, root }) => (
              <MenuItem
                key={variable}
                id={`variable:${variable}`}
                className={styles.item}
                textValue={variable}
                onAction={() => finish(composerEdits.insertText(cell, parent, index, variable), variable)}
              >
                <FamilyIcon family="code" />
                <span className={styles.text}>
                  <span className={styles.title}>
                    <code>{variable}</code>
                  </span>
                  <span className={styles.description}>
                    {texts.palette.variable(kindInfoOf(kinds.blocks, root.kind)?.title[language] ?? root.kind)}
                  </span>
                </span>
              </MenuItem>
            ))}
          </MenuSection>
        )}
      </Menu>
    </Autocomplete>
  );
}

/** `new MyDense(units)` */
function signatureOf({ kind, fields, children }: KindInfo): string {
  const names = fields.flatMap(({ name, positional }) => (positional ? name : []));
  return `new ${kind}(${[...(children ? ["..."] : []), ...names].join(", ")})`;
}

function KindItem({ info, onAdd }: { info: KindInfo; onAdd: (info: KindInfo) => void }) {
  const language = useLanguage();
  return (
    <MenuItem
      id={`kind:${info.kind}`}
      className={styles.item}
      textValue={info.title[language]}
      onAction={() => onAdd(info)}
    >
      <FamilyIcon family={familyOf(info)} />
      <span className={styles.text}>
        <span className={styles.title}>
          {info.title[language]}
          <code className={styles.kind}>{info.constructed ? signatureOf(info) : info.kind}</code>
        </span>
        <span className={styles.description}>{info.description[language]}</span>
      </span>
    </MenuItem>
  );
}
