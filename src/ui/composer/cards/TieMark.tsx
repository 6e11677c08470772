import { Link2 } from "lucide-react";
import { type BlockPath, nodeAt, samePath } from "../../../notebook/composition/compositionTree";
import type { Tie } from "../../../notebook/composition/compositionTies";
import { useTexts } from "../../Texts";
import { type ComposerValue, useComposer } from "../composerContext";
import styles from "./TieMark.module.css";

/** Number of colours; the variable's name distinguishes ties of the same colour. */
export const tieColors = 4;

/** The mark of a block in several places: the same weights in each, in one colour. */
export function TieMark({ path }: { path: BlockPath }) {
  const texts = useTexts().composer.tie;
  const tie = useComposer().tieOf(path);
  const hint = useTieText(path);
  if (!tie) return null;
  return (
    <span className={styles.tie} title={hint}>
      <Link2 aria-hidden="true" />
      {texts.mark(tie.places.length)}
    </span>
  );
}

/** `Shared with position 3 in net: same weights, counted once`; empty if nothing is shared. */
export function useTieText(path: BlockPath): string {
  const texts = useTexts().composer.tie;
  const { compositions, tieOf, titleOf } = useComposer();
  const tie = tieOf(path);
  if (!tie) return "";
  const others = tie.places.filter((place) => !samePath(place, path));
  const places = others.map((place) => {
    const parent = place.slice(0, -1);
    const container = parent.length === 1 ? compositions[parent[0]!]!.variable : titleOf(nodeAt(compositions, parent)!);
    return texts.place(place.at(-1)! + 1, container);
  });
  return path.length === 1 && others.length === tie.places.length ? texts.used(places) : texts.shared(places);
}

/** The tie of the selected card: all its places are highlighted. */
export function chosenTie({ selected, tieOf }: ComposerValue): Tie | undefined {
  return selected === null ? undefined : tieOf(selected.split("/").map(Number));
}
