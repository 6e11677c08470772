import type { PointerEvent as ReactPointerEvent, RefObject } from "react";
import type { BlockPath } from "../../../notebook/composition/compositionTree";
import { isOwnPlace, nearestSlot, readSlot, scrollNear } from "./dropSlots";
import { usePointerDrag } from "./usePointerDrag";

interface BlockDragOptions {
  /** Contains the cards (`data-path`), their heads (`data-head`) and grips (`data-grip`). */
  root: RefObject<HTMLElement | null>;
  disabled: boolean;
  onStart: (path: BlockPath) => void;
  onDrop: (path: BlockPath, parent: BlockPath, index: number) => void;
}

/**
 * Moves cards with the pointer: a mouse drags a card by its head, a finger by its grip, so that touching other parts
 * scrolls.
 */
export function useBlockDrag({ root, disabled, onStart, onDrop }: BlockDragOptions) {
  const { drag, ghost, onPointerDown } = usePointerDrag<{ path: BlockPath; item: Element }>({
    take: (event) => (disabled ? null : cardUnderPointer(event)),
    onStart: ({ path }) => onStart(path),
    slotAt: ({ item }, x, y) => {
      scrollNear(root.current, y);
      return (root.current && nearestSlot(root.current, x, y, item)?.dataset.slot) ?? null;
    },
    onDrop: ({ path }, slot) => {
      const [parent, index] = readSlot(slot);
      if (!isOwnPlace(path, parent, index)) onDrop(path, parent, index);
    },
  });
  return { drag: drag && { path: drag.taken.path, slot: drag.slot }, ghost, onPointerDown };
}

function cardUnderPointer({
  target,
  pointerType,
}: ReactPointerEvent<HTMLElement>): { path: BlockPath; item: Element } | null {
  const element = target as HTMLElement;
  const handle = pointerType === "mouse" ? element.closest("[data-head]") : element.closest("[data-grip]");
  const item = handle?.closest<HTMLElement>("[data-path]");
  const path = item?.dataset.path?.split("/").map(Number);
  if (!item || !path || path.length < 2 || element.closest("input, button, textarea")) return null;
  return { path, item };
}
