import { ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Tree, TreeItem, TreeItemContent } from "react-aria-components/Tree";
import { useStore } from "zustand";
import { formatShape, sizeOf } from "../../base/shape";
import { formatCount } from "../../i18n/numbers";
import { kindInfoOf } from "../../notebook/composition/compositionTree";
import type { BlockDescription, ModelDescription, WeightDescription } from "../../protocol/protocol";
import { describedBlocks } from "../../store/composer/blockStates";
import { composerStore, inspectorStore, kindsStore } from "../../store/modelStores";
import { sessionStore } from "../../store/stores";
import { FamilyIcon } from "../composer/palette/FamilyIcon";
import { familyOf } from "../composer/palette/families";
import { useLanguage, useTexts } from "../Texts";
import styles from "./Outline.module.css";
import { locateBlock } from "./locateBlock";
import { Section } from "./Section";
import { type Subject, useSubject } from "./useSubject";

/**
 * All models of the session with their blocks and weights: the equivalent of the cards for keyboard and screen readers.
 */
export function Outline() {
  const texts = useTexts().inspector;
  const models = useStore(sessionStore, (state) => state.models);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const weight = useStore(inspectorStore, (state) => state.weight);
  const subject = useSubject();
  const keys = useMemo(
    () => models.flatMap(({ variable, root }) => describedBlocks(root).map(({ path }) => `${variable}|${path}`)),
    [models],
  );
  if (models.length === 0) return null;

  function choose(key: string): void {
    const [model, path, weightPath] = key.split("|") as [string, string, string?];
    composerStore.getState().select(locateBlock(model, path));
    if (weightPath !== undefined) inspectorStore.getState().show({ model, path: weightPath });
  }

  return (
    <Section title={texts.sections.outline}>
      <Tree
        className={styles.tree}
        aria-label={texts.outline.label}
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        selectedKeys={selectedKeys(subject, weight)}
        expandedKeys={keys.filter((key) => !closed.has(key))}
        onExpandedChange={(open) => setClosed(new Set(keys.filter((key) => !open.has(key))))}
        onSelectionChange={(chosen) => {
          const [key] = chosen === "all" ? [] : [...chosen];
          if (key !== undefined) choose(String(key));
        }}
      >
        {models.map((model) => (
          <BlockItem key={model.variable} model={model} block={model.root} />
        ))}
      </Tree>
    </Section>
  );
}

function selectedKeys(subject: Subject | null, weight: { model: string; path: string } | null): string[] {
  if (!subject?.description) return [];
  const key = `${subject.model}|${subject.description.path}`;
  const own = weight?.model === subject.model && subject.description.weights.some(({ path }) => path === weight.path);
  return own && subject.description.children.length > 0 ? [`${key}|${weight.path}`] : [key];
}

function BlockItem({ model, block }: { model: ModelDescription; block: BlockDescription }) {
  const texts = useTexts();
  const language = useLanguage();
  const kinds = useStore(kindsStore, (state) => state.kinds.blocks);
  const info = kindInfoOf(kinds, block.kind);
  const title = info?.title[language] ?? block.kind;
  const segment = block.path === "" ? model.variable : block.path.slice(block.path.lastIndexOf("/") + 1);
  const shape = block.outputShape ? formatShape(block.outputShape) : "?";
  return (
    <TreeItem
      id={`${model.variable}|${block.path}`}
      textValue={`${segment}, ${title}, ${shape}, ${texts.composer.parameters(block.count, formatCount(block.count, language))}`}
      className={styles.item}
    >
      <TreeItemContent>
        {({ hasChildItems }) => (
          <div className={styles.row}>
            <Toggle visible={hasChildItems} />
            <FamilyIcon family={familyOf(info)} />
            <code className={styles.segment}>{segment}</code>
            <span className={styles.title}>{title}</span>
            <code className={styles.shape}>{block.built ? shape : texts.inspector.outline.unbuilt}</code>
          </div>
        )}
      </TreeItemContent>
      {block.weights.map((weight) => (
        <WeightItem key={weight.path} block={`${model.variable}|${block.path}`} weight={weight} />
      ))}
      {block.children.map((child) => (
        <BlockItem key={child.path} model={model} block={child} />
      ))}
    </TreeItem>
  );
}

function WeightItem({ block, weight }: { block: string; weight: WeightDescription }) {
  const language = useLanguage();
  const { name, shape, path } = weight;
  return (
    <TreeItem id={`${block}|${path}`} textValue={`${name}, ${formatShape(shape)}`} className={styles.item}>
      <TreeItemContent>
        <div className={styles.row}>
          <Toggle visible={false} />
          <code className={styles.weight}>{name}</code>
          <span className={styles.title}>{formatCount(sizeOf(shape), language)}</span>
          <code className={styles.shape}>{formatShape(shape)}</code>
        </div>
      </TreeItemContent>
    </TreeItem>
  );
}

function Toggle({ visible }: { visible: boolean }) {
  return (
    <Button slot="chevron" className={styles.toggle} style={visible ? undefined : { visibility: "hidden" }}>
      <ChevronRight aria-hidden="true" />
    </Button>
  );
}
