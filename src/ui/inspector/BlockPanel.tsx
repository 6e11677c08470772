import { useState } from "react";
import { formatShape } from "../../base/shape";
import { formatCount } from "../../i18n/numbers";
import { nameOf } from "../../notebook/composition/compositionFields";
import { kindInfoOf, type CodeNode } from "../../notebook/composition/compositionTree";
import type { BlockDescription } from "../../protocol/protocol";
import { composerEdits, kindsStore } from "../../store/modelStores";
import { useStore } from "zustand";
import { BlockFields } from "../composer/fields/BlockFields";
import { FamilyIcon } from "../composer/palette/FamilyIcon";
import { familyOf } from "../composer/palette/families";
import { useLanguage, useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import styles from "./Inspector.module.css";
import { Facts, Section } from "./Section";
import type { Subject } from "./useSubject";

/** A block's fields, and the session's information about it. */
export function BlockPanel({ subject }: { subject: Subject }) {
  const texts = useTexts().inspector;
  const language = useLanguage();
  const { source, description, model } = subject;
  const unknown = <span className={styles.unknown}>{texts.unknown}</span>;
  const facts = [
    [texts.facts.variable, source?.path.length === 1 || description?.path === "" ? <code key="v">{model}</code> : null],
    [texts.facts.path, description?.path ? <code key="p">{description.path}</code> : null],
    [texts.facts.input, description?.inputShape ? <code key="i">{formatShape(description.inputShape)}</code> : unknown],
    [
      texts.facts.output,
      description?.outputShape ? <code key="o">{formatShape(description.outputShape)}</code> : unknown,
    ],
    [texts.facts.parameters, description?.built ? formatCount(description.count, language) : unknown],
    [
      texts.facts.trainable,
      description?.built && description.count > 0 && (description.trainable ? texts.yes : texts.frozen),
    ],
  ] as const;
  return (
    <>
      <BlockTitle subject={subject} />
      {source?.node.type === "block" && (
        <Section title={texts.sections.fields}>
          <BlockFields
            cell={source.cell}
            path={source.path}
            node={source.node}
            kinds={source.read.kinds}
            compositions={source.read.compositions}
            disabled={source.read.brokenLine !== null}
          />
        </Section>
      )}
      {source?.node.type === "code" && (
        <Section title={texts.sections.code}>
          <CodeForm key={source.node.text} node={source.node} source={source} />
        </Section>
      )}
      <Section title={texts.sections.block}>
        <Facts entries={facts} />
        {subject.standing !== "built" && <p className={styles.hint}>{texts.hints[subject.standing]}</p>}
      </Section>
    </>
  );
}

function BlockTitle({ subject }: { subject: Subject }) {
  const texts = useTexts().inspector;
  const composer = useTexts().composer;
  const language = useLanguage();
  const kinds = useStore(kindsStore, (state) => state.kinds.blocks);
  const { source, description, standing, model } = subject;
  const kind = source?.node.type === "block" ? source.node.kind : (description?.kind ?? "");
  const info = kindInfoOf(kinds, kind);
  const isModel = source ? source.path.length === 1 : description?.path === "";
  const name = isModel ? model : (nameOf(source?.node) ?? givenName(description));
  return (
    <header className={styles.header}>
      <FamilyIcon family={familyOf(info)} />
      <div className={styles.headerText}>
        <h2 className={styles.title}>
          {info?.title[language] ?? (kind || composer.code)}
          {name && name !== kind && <code className={styles.name}>{name}</code>}
        </h2>
        {info && <p className={styles.description}>{info.description[language]}</p>}
      </div>
      <span className={styles.standing} data-standing={standing}>
        {texts.state[standing]}
      </span>
    </header>
  );
}

/** A block without a name is identified by its index, which adds nothing to its path. */
function givenName(description: BlockDescription | null): string | undefined {
  return description && !/^\d+$/.test(description.name) ? description.name : undefined;
}

/** The expression of a block that is code. */
function CodeForm({ node, source }: { node: CodeNode; source: NonNullable<Subject["source"]> }) {
  const texts = useTexts();
  const [text, setText] = useState(node.text);
  const [failed, setFailed] = useState(false);
  return (
    <form
      className={styles.codeForm}
      onSubmit={(event) => {
        event.preventDefault();
        setFailed(!composerEdits.setCode(source.cell, source.path, text));
      }}
    >
      <textarea
        className={styles.code}
        aria-label={texts.inspector.sections.code}
        aria-invalid={failed}
        rows={Math.min(12, text.split("\n").length + 1)}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setFailed(false);
        }}
      />
      {failed && (
        <p className={styles.error} role="alert">
          {texts.composer.errors.code}
        </p>
      )}
      <Button small type="submit" isDisabled={text === node.text}>
        {texts.inspector.apply}
      </Button>
    </form>
  );
}
