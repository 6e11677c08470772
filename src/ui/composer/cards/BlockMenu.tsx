import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ClipboardPaste,
  Copy,
  CopyPlus,
  EllipsisVertical,
  Group,
  Pencil,
  ScanSearch,
  Scissors,
  Trash2,
} from "lucide-react";
import { MenuTrigger, Menu as AriaMenu } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { type BlockPath, type CompositionNode } from "../../../notebook/composition/compositionTree";
import { useLanguage, useTexts } from "../../Texts";
import { IconButton } from "../../widgets/controls/Button";
import { MenuItem, MenuSection } from "../../widgets/controls/Menu";
import styles from "../../widgets/controls/Menu.module.css";
import { useComposer } from "../composerContext";
import { useBlockActions } from "../useBlockActions";

interface BlockMenuProps {
  node: CompositionNode;
  path: BlockPath;
  tabbable: boolean;
}

/** All actions for a block, by touch as well as by keyboard. */
export function BlockMenu({ node, path, tabbable }: BlockMenuProps) {
  const texts = useTexts().composer.actions;
  const language = useLanguage();
  const { kinds, titleOf } = useComposer();
  const act = useBlockActions();
  const movable = path.length > 1;
  const containers = kinds.blocks.filter(({ children }) => children);
  return (
    <MenuTrigger>
      <IconButton small label={texts.menu(titleOf(node))} excludeFromTabOrder={!tabbable}>
        <EllipsisVertical />
      </IconButton>
      <Popover className={styles.popover} placement="bottom end" offset={4}>
        <AriaMenu className={styles.menu} aria-label={texts.menu(titleOf(node))}>
          <MenuSection>
            <MenuItem label={texts.fields} icon={<Pencil />} shortcut="Enter" onAction={() => act.openFields(path)} />
            <MenuItem label={texts.inspect} icon={<ScanSearch />} onAction={() => act.inspect(path)} />
          </MenuSection>
          {movable && (
            <MenuSection>
              <MenuItem
                label={texts.up}
                icon={<ArrowUp />}
                shortcut="Alt+ArrowUp"
                onAction={() => act.step(path, "up")}
              />
              <MenuItem
                label={texts.down}
                icon={<ArrowDown />}
                shortcut="Alt+ArrowDown"
                onAction={() => act.step(path, "down")}
              />
              <MenuItem
                label={texts.out}
                icon={<ArrowLeft />}
                shortcut="Alt+←"
                disabled={path.length < 3}
                onAction={() => act.step(path, "out")}
              />
              <MenuItem
                label={texts.in}
                icon={<ArrowRight />}
                shortcut="Alt+→"
                disabled={path.at(-1) === 0}
                onAction={() => act.step(path, "in")}
              />
            </MenuSection>
          )}
          <MenuSection>
            {movable && (
              <MenuItem
                label={texts.duplicate}
                icon={<CopyPlus />}
                shortcut="Mod+D"
                onAction={() => act.duplicate(path)}
              />
            )}
            {containers.map(({ kind, title }) => (
              <MenuItem
                key={kind}
                label={texts.wrap(title[language])}
                icon={<Group />}
                onAction={() => act.wrap(path, kind)}
              />
            ))}
            <MenuItem label={texts.copy} icon={<Copy />} shortcut="Mod+C" onAction={() => act.copy(path)} />
            {movable && (
              <MenuItem label={texts.cut} icon={<Scissors />} shortcut="Mod+X" onAction={() => act.cut(path)} />
            )}
            <MenuItem
              label={texts.paste}
              icon={<ClipboardPaste />}
              shortcut="Mod+V"
              onAction={() => act.pasteCopied(path)}
            />
          </MenuSection>
          {movable && (
            <MenuSection>
              <MenuItem
                danger
                label={texts.remove}
                icon={<Trash2 />}
                shortcut="Delete"
                onAction={() => act.remove(path)}
              />
            </MenuSection>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
