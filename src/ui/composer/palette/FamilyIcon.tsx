import { Activity, Braces, Dices, Layers, Scaling, Waypoints } from "lucide-react";
import type { Family } from "./families";
import styles from "./FamilyIcon.module.css";

const icons = {
  container: Layers,
  weights: Waypoints,
  function: Activity,
  chance: Dices,
  shape: Scaling,
  code: Braces,
} satisfies Record<Family, unknown>;

/** The icon of a family of blocks, on a tile in its colour. */
export function FamilyIcon({ family }: { family: Family }) {
  const Icon = icons[family];
  return (
    <span className={styles.icon} data-family={family} aria-hidden="true">
      <Icon strokeWidth={1.9} />
    </span>
  );
}
