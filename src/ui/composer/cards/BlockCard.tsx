import { ChevronDown, GripVertical } from "lucide-react";
import { memo } from "react";
import { formatShape } from "../../../base/shape";
import { formatCount } from "../../../i18n/numbers";
import { isCountedBefore } from "../../../notebook/composition/compositionTies";
import { nameOf } from "../../../notebook/composition/compositionFields";
import {
  type BlockNode,
  type BlockPath,
  type CompositionNode,
  kindInfoOf,
} from "../../../notebook/composition/compositionTree";
import { pathKey } from "../../../store/composer/blockStates";
import { composerEdits } from "../../../store/modelStores";
import { useLanguage, useTexts } from "../../Texts";
import styles from "./BlockCard.module.css";
import { BlockFields } from "../fields/BlockFields";
import { BlockMenu } from "./BlockMenu";
import { CardFields } from "../fields/CardFields";
import { useComposer } from "../composerContext";
import { familyOf } from "../palette/families";
import { FamilyIcon } from "../palette/FamilyIcon";
import { fieldText } from "../fields/fieldRules";
import { Joint } from "./Joint";
import { jointShapes } from "./jointShapes";
import { chosenTie, tieColors, TieMark, useTieText } from "./TieMark";
import { ModelHead } from "./ModelHead";

interface BlockCardProps {
  node: CompositionNode;
  path: BlockPath;
  /** Number of siblings, including the card itself. */
  siblings: number;
}

/** A block as a card; a container shows the cards of its blocks, joined by the shapes that flow between them. */
export const BlockCard = memo(function BlockCard({ node, path, siblings }: BlockCardProps) {
  const composer = useComposer();
  const { kinds, collapsed, selected, tabStop, opened, dragged, stateOf, tieOf } = composer;
  const key = pathKey(path);
  const family = familyOf(node.type === "block" ? kindInfoOf(kinds.blocks, node.kind) : undefined);
  const description = stateOf(path)?.description ?? null;
  const children = node.type === "block" ? node.children : null;
  const closed = children !== null && collapsed.has(key);
  const isRoot = path.length === 1;
  const label = useCardLabel(node, path);
  const tabbable = tabStop === key;
  const tie = tieOf(path);
  return (
    <li
      className={styles.item}
      role="treeitem"
      aria-level={path.length}
      aria-setsize={siblings}
      aria-posinset={path.at(-1)! + 1}
      aria-expanded={children ? !closed : undefined}
      aria-selected={selected === key}
      aria-label={label}
      tabIndex={tabbable ? 0 : -1}
      data-path={key}
    >
      {!isRoot && <BlockJoint path={path} node={node} />}
      <div
        className={styles.card}
        data-family={family}
        data-root={isRoot || undefined}
        data-container={children !== null || undefined}
        data-selected={selected === key || undefined}
        data-built={description !== null && description.outputShape !== null}
        data-dragged={dragged === key || undefined}
        data-tie={tie && tie.index % tieColors}
        data-tie-chosen={(tie && tie === chosenTie(composer)) || undefined}
      >
        <CardHead node={node} path={path} tabbable={tabbable} closed={closed} />
        {opened === key && node.type === "block" && (
          <div className={styles.fields} data-fields>
            <BlockFields
              cell={composer.cell}
              path={path}
              node={node}
              kinds={kinds}
              compositions={composer.compositions}
              disabled={composer.broken}
            />
          </div>
        )}
        {node.type === "code" && node.text.includes("\n") && <pre className={styles.source}>{node.text}</pre>}
        {children && !closed && <CardChildren node={node as BlockNode} path={path} tabbable={tabbable} />}
      </div>
    </li>
  );
});

interface CardHeadProps {
  node: CompositionNode;
  path: BlockPath;
  tabbable: boolean;
  closed: boolean;
}

function CardHead({ node, path, tabbable, closed }: CardHeadProps) {
  const texts = useTexts().composer;
  const language = useLanguage();
  const { cell, kinds, broken, opened, titleOf, stateOf, tieOf } = useComposer();
  const isRoot = path.length === 1;
  const family = familyOf(node.type === "block" ? kindInfoOf(kinds.blocks, node.kind) : undefined);
  const description = stateOf(path)?.description ?? null;
  const title = titleOf(node);
  const name = nameOf(node);
  const counted = texts.parameters(description?.count ?? 0, formatCount(description?.count ?? 0, language));
  const children = node.type === "block" ? node.children : null;
  const tie = tieOf(path);
  const counts = !tie || !isCountedBefore(tie, path);
  const code = node.type === "code" && !node.text.includes("\n") ? node.text : null;
  return (
    <div className={styles.head} data-head={!isRoot || undefined}>
      {!isRoot && !broken && (
        <span className={styles.grip} data-grip title={texts.drag(title)} aria-hidden="true">
          <GripVertical />
        </span>
      )}
      <FamilyIcon family={family} />
      {isRoot ? (
        <ModelHead path={path} title={title} />
      ) : (
        <span className={styles.title} data-name>
          {code === null ? title : <code title={texts.codeHint}>{code}</code>}
          {name !== undefined && <span className={styles.name}>{name}</span>}
        </span>
      )}
      {node.type === "block" && opened !== pathKey(path) && <CardFields node={node} path={path} tabbable={tabbable} />}
      <span className={styles.space} />
      <TieMark path={path} />
      {closed && children && <span className={styles.badge}>{texts.hidden(children.length)}</span>}
      {description && !description.trainable && description.count > 0 && (
        <span className={styles.badge}>{texts.frozen}</span>
      )}
      {description && description.count > 0 && (
        <span className={styles.count} title={counted}>
          {isRoot
            ? counted
            : counts
              ? formatCount(description.count, language)
              : `(${formatCount(description.count, language)})`}
        </span>
      )}
      {!broken && <BlockMenu node={node} path={path} tabbable={tabbable} />}
      {children && (
        <button
          type="button"
          className={styles.toggle}
          tabIndex={tabbable ? 0 : -1}
          aria-label={closed ? texts.expand(title) : texts.collapse(title)}
          data-closed={closed || undefined}
          onClick={() => composerEdits.toggleCollapsed(cell, path)}
        >
          <ChevronDown aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

/** The joint above a card that is not a model itself. */
function BlockJoint({ node, path }: { node: CompositionNode; path: BlockPath }) {
  const texts = useTexts().composer;
  const { compositions, kinds, stateOf, titleOf, tabStop, orderOf } = useComposer();
  const parent = path.slice(0, -1);
  const index = path.at(-1)!;
  const shapes = jointShapes(compositions, parent, stateOf, kinds);
  return (
    <Joint
      parent={parent}
      index={index}
      shape={shapes[index] ?? null}
      order={orderOf(path)}
      label={texts.addBefore(titleOf(node))}
      end={index === 0 && parent.length === 1 ? texts.input : undefined}
      tabbable={tabStop === pathKey(path)}
    />
  );
}

function CardChildren({ node, path, tabbable }: { node: BlockNode; path: BlockPath; tabbable: boolean }) {
  const texts = useTexts().composer;
  const { compositions, kinds, stateOf, titleOf, orderOf } = useComposer();
  const children = node.children ?? [];
  const shapes = jointShapes(compositions, path, stateOf, kinds);
  return (
    <div className={styles.children}>
      {children.length === 0 && <p className={styles.empty}>{texts.empty}</p>}
      {children.length > 0 && (
        <ul role="group" className={styles.list}>
          {children.map((child, index) => (
            <BlockCard key={index} node={child} path={[...path, index]} siblings={children.length} />
          ))}
        </ul>
      )}
      <Joint
        parent={path}
        index={children.length}
        shape={shapes[children.length] ?? null}
        order={orderOf([...path, children.length])}
        label={texts.addEnd(titleOf(node))}
        end={path.length === 1 && children.length > 0 ? texts.output : undefined}
        tabbable={tabbable}
      />
    </div>
  );
}

/** The accessible name of a card: its kind, its settings and its output. */
function useCardLabel(node: CompositionNode, path: BlockPath): string {
  const texts = useTexts().composer;
  const language = useLanguage();
  const { compositions, stateOf, titleOf } = useComposer();
  const tied = useTieText(path);
  const description = stateOf(path)?.description ?? null;
  const variable = path.length === 1 ? compositions[path[0]!]?.variable : undefined;
  const given =
    node.type === "block"
      ? Object.values(node.fields).flatMap((value) => (value.type === "literal" ? [fieldText(value.value)] : []))
      : [node.text];
  const shape = description?.outputShape ? texts.shape(formatShape(description.outputShape)) : texts.shapeUnknown;
  const count = description?.count
    ? texts.parameters(description.count, formatCount(description.count, language))
    : null;
  return [variable, titleOf(node), ...given, tied, shape, count].filter(Boolean).join(", ");
}
