/** The drop targets for a dragged block: the joints, each with `data-slot="0/1:2"`. */
import type { BlockPath } from "../../../notebook/composition/compositionTree";

/** Distance in pixels from an edge of the scrolling area at which it scrolls automatically. */
const edge = 56;

export function readSlot(slot: string): [parent: number[], index: number] {
  const [path, index] = slot.split(":");
  return [path!.split("/").map(Number), Number(index)];
}

/** The drop target nearest to a point that is not inside the dragged card. */
export function nearestSlot(root: Element, x: number, y: number, dragged?: Element): HTMLElement | null {
  let best: HTMLElement | null = null;
  let distance = Infinity;
  for (const slot of root.querySelectorAll<HTMLElement>("[data-slot]")) {
    if (dragged?.contains(slot)) continue;
    const { left, right, top, bottom } = slot.getBoundingClientRect();
    const beside = Math.max(0, left - x, x - right);
    const away = Math.abs((top + bottom) / 2 - y) + 0.5 * beside;
    if (away < distance) [best, distance] = [slot, away];
  }
  return best;
}

/** True if a block dropped there would not move. */
export function isOwnPlace(path: BlockPath, parent: BlockPath, index: number): boolean {
  const own = path.slice(0, -1).join("/") === parent.join("/");
  return own && (index === path.at(-1) || index === path.at(-1)! + 1);
}

/** Scrolls the area around `element` while the pointer is near its top or bottom edge. */
export function scrollNear(element: Element | null, y: number): void {
  let area = element?.parentElement ?? null;
  while (area && (area.scrollHeight <= area.clientHeight || !/auto|scroll/.test(getComputedStyle(area).overflowY))) {
    area = area.parentElement;
  }
  if (!area) return;
  const { top, bottom } = area.getBoundingClientRect();
  if (y < top + edge) area.scrollTop -= (top + edge - y) / 4;
  if (y > bottom - edge) area.scrollTop += (y - bottom + edge) / 4;
}
