import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type PointerEvent as ReactPointerEvent,
  type RefObject,
} from "react";
import type { BlockPath } from "../../notebook/compositionTree";

export interface BlockDrag {
  path: BlockPath;
  /** The place under the pointer, as `0/1:2`: a container's path and an index in it. */
  slot: string | null;
}

interface DragOptions {
  /** Holds the cards (`data-path`), their heads (`data-head`), grips (`data-grip`) and places (`data-slot`). */
  root: RefObject<HTMLElement | null>;
  disabled: boolean;
  onStart: (path: BlockPath) => void;
  onDrop: (path: BlockPath, parent: BlockPath, index: number) => void;
}

/** Pixels that a press has to travel before it is a drag. */
const threshold = 5;
/** Pixels from an edge of the scrolling area where it scrolls by itself. */
const edge = 56;

/**
 * Moves cards with the pointer: a mouse drags a card by its head, a finger by its
 * grip, so that elsewhere it scrolls. The ghost follows without rendering anew.
 */
export function useBlockDrag({ root, disabled, onStart, onDrop }: DragOptions) {
  const [drag, setDrag] = useState<BlockDrag | null>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  const onPointerDown = useCallback(
    (event: ReactPointerEvent<HTMLElement>) => {
      const item = disabled || event.button !== 0 ? null : draggedItem(event);
      const path = item?.dataset.path?.split("/").map(Number);
      if (!item || !path || path.length < 2) return;
      const from = { x: event.clientX, y: event.clientY };
      let current: BlockDrag | null = null;

      function follow(move: PointerEvent) {
        if (move.pointerId !== event.pointerId) return;
        if (!current) {
          if (Math.hypot(move.clientX - from.x, move.clientY - from.y) < threshold) return;
          onStart(path!);
        }
        move.preventDefault();
        scrollNear(root.current, move.clientY);
        const slot = slotAt(root.current, item!, move.clientX, move.clientY);
        if (!current || current.slot !== slot) {
          current = { path: path!, slot };
          setDrag(current);
        }
        ghost.current?.style.setProperty("transform", `translate(${move.clientX + 14}px, ${move.clientY + 10}px)`);
      }

      function end(up: PointerEvent) {
        if (up.pointerId !== event.pointerId) return;
        const dropped = up.type === "pointerup" ? current : null;
        stop.current?.();
        if (!dropped?.slot) return;
        const [parent, index] = readSlot(dropped.slot);
        if (!isOwnPlace(dropped.path, parent, index)) onDrop(dropped.path, parent, index);
      }

      function cancel(key: KeyboardEvent) {
        if (key.key === "Escape" && current) stop.current?.();
      }

      const listeners = new AbortController();
      const options = { signal: listeners.signal, passive: false };
      window.addEventListener("pointermove", follow, options);
      window.addEventListener("pointerup", end, options);
      window.addEventListener("pointercancel", end, options);
      window.addEventListener("keydown", cancel, { ...options, capture: true });
      stop.current = () => {
        listeners.abort();
        setDrag(null);
      };
    },
    [disabled, onDrop, onStart, root],
  );

  return { drag, ghost, onPointerDown };
}

function draggedItem({ target, pointerType }: ReactPointerEvent<HTMLElement>): HTMLElement | null {
  const element = target as HTMLElement;
  const handle = pointerType === "mouse" ? element.closest("[data-head]") : element.closest("[data-grip]");
  if (!handle || element.closest("input, button, textarea, [contenteditable]")) return null;
  return handle.closest<HTMLElement>("[data-path]");
}

/** The place nearest to the pointer, not inside the dragged card. */
function slotAt(root: HTMLElement | null, item: HTMLElement, x: number, y: number): string | null {
  let best: string | null = null;
  let distance = Infinity;
  for (const slot of root?.querySelectorAll<HTMLElement>("[data-slot]") ?? []) {
    if (item.contains(slot)) continue;
    const { left, right, top, bottom } = slot.getBoundingClientRect();
    const beside = Math.max(0, left - x, x - right);
    const away = Math.abs((top + bottom) / 2 - y) + 0.5 * beside;
    if (away < distance) [best, distance] = [slot.dataset.slot!, away];
  }
  return best;
}

export function readSlot(slot: string): [parent: number[], index: number] {
  const [path, index] = slot.split(":");
  return [path!.split("/").map(Number), Number(index)];
}

function isOwnPlace(path: BlockPath, parent: BlockPath, index: number): boolean {
  const own = path.slice(0, -1).join("/") === parent.join("/");
  return own && (index === path.at(-1) || index === path.at(-1)! + 1);
}

function scrollNear(element: HTMLElement | null, y: number): void {
  let area = element?.parentElement ?? null;
  while (area && (area.scrollHeight <= area.clientHeight || !/auto|scroll/.test(getComputedStyle(area).overflowY))) {
    area = area.parentElement;
  }
  if (!area) return;
  const { top, bottom } = area.getBoundingClientRect();
  if (y < top + edge) area.scrollTop -= (top + edge - y) / 4;
  if (y > bottom - edge) area.scrollTop += (y - bottom + edge) / 4;
}
