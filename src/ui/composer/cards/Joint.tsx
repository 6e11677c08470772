import { Plus } from "lucide-react";
import { useState, type CSSProperties } from "react";
import { Button } from "react-aria-components/Button";
import { DialogTrigger } from "react-aria-components/Dialog";
import { formatShape, type PartialShape } from "../../../base/shape";
import type { BlockPath } from "../../../notebook/composition/compositionTree";
import { pathKey } from "../../../store/composer/blockStates";
import { useTexts } from "../../Texts";
import { useComposer } from "../composerContext";
import styles from "./Joint.module.css";
import { Palette } from "../palette/Palette";

interface JointProps {
  /** The container, and the index in it at which a block would be inserted. */
  parent: BlockPath;
  index: number;
  shape: PartialShape | null;
  /** Its position from the top of the model: shapes appear in this order. */
  order: number;
  /** The accessible name of the `+` button. */
  label: string;
  /** The label of the model's own input or output. */
  end?: string;
  tabbable: boolean;
}

/** The line between two blocks: the shape that flows along it, and a button to add a block. */
export function Joint({ parent, index, shape, order, label, end, tabbable }: JointProps) {
  const { broken, dropSlot } = useComposer();
  const slot = `${pathKey(parent)}:${index}`;
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.joint} data-slot={slot} data-drop={dropSlot === slot || undefined}>
      <span className={styles.flow}>
        {end && <span className={styles.end}>{end}</span>}
        <ShapePill shape={shape} order={order} />
        {!broken && (
          <DialogTrigger isOpen={open} onOpenChange={setOpen}>
            <Button className={styles.add} aria-label={label} data-add={slot} excludeFromTabOrder={!tabbable}>
              <Plus aria-hidden="true" />
            </Button>
            <Palette parent={parent} index={index} onClose={() => setOpen(false)} />
          </DialogTrigger>
        )}
      </span>
    </div>
  );
}

interface ShapePillProps {
  shape: PartialShape | null;
  order: number;
}

/** A shape; when it becomes known, it replaces "?" in order from the top. */
function ShapePill({ shape, order }: ShapePillProps) {
  const texts = useTexts().composer;
  const text = shape && formatShape(shape);
  const [last, setLast] = useState({ text, resolves: false });
  if (last.text !== text) setLast({ text, resolves: last.text === null && text !== null });
  const label = text === null ? texts.shapeUnknown : texts.shape(text);
  return (
    <span
      className={styles.pill}
      data-known={text !== null}
      data-resolves={last.resolves || undefined}
      style={{ "--order": order } as CSSProperties}
      title={label}
    >
      {(text === null || last.resolves) && (
        <span className={styles.unknown} aria-hidden={text !== null || undefined}>
          ?
        </span>
      )}
      {text !== null && <span className={styles.known}>{text}</span>}
    </span>
  );
}
