import { useEffect, useRef, useState, type PointerEvent as ReactPointerEvent } from "react";

interface PointerDragOptions<T> {
  /** Returns the object to drag; null if the press does not start a drag. */
  take: (event: ReactPointerEvent<HTMLElement>) => T | null;
  onStart: (taken: T) => void;
  /** The place under the pointer, if the object may be dropped there. */
  slotAt: (taken: T, x: number, y: number) => string | null;
  /** Called whenever the place changes, with null at the end. */
  onOver?: (slot: string | null) => void;
  onDrop: (taken: T, slot: string) => void;
}

/** Distance in pixels after which a press becomes a drag. */
const threshold = 5;

/**
 * Drags something with the pointer: a mouse, or a finger if the handle's `touch-action` is `none`. The ghost follows
 * without rendering; Escape cancels.
 */
export function usePointerDrag<T>(options: PointerDragOptions<T>) {
  const [drag, setDrag] = useState<{ taken: T; slot: string | null } | null>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  function onPointerDown(event: ReactPointerEvent<HTMLElement>) {
    const taken = event.button === 0 ? options.take(event) : null;
    if (taken === null) return;
    const { slotAt, onStart, onOver, onDrop } = options;
    const from = { x: event.clientX, y: event.clientY };
    let started = false;
    let slot: string | null = null;

    function follow(move: PointerEvent) {
      if (move.pointerId !== event.pointerId) return;
      if (!started && Math.hypot(move.clientX - from.x, move.clientY - from.y) < threshold) return;
      if (!started) onStart(taken!);
      move.preventDefault();
      const over = slotAt(taken!, move.clientX, move.clientY);
      if (!started || over !== slot) {
        setDrag({ taken: taken!, slot: over });
        onOver?.(over);
      }
      [started, slot] = [true, over];
      ghost.current?.style.setProperty("transform", `translate(${move.clientX + 14}px, ${move.clientY + 10}px)`);
    }

    function end(up: PointerEvent) {
      if (up.pointerId !== event.pointerId) return;
      stop.current?.();
      if (!started) return;
      // Suppresses the click that follows a drag.
      window.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
      if (up.type === "pointerup" && slot !== null) onDrop(taken!, slot);
    }

    function cancel(key: KeyboardEvent) {
      if (key.key === "Escape" && started) stop.current?.();
    }

    const listeners = new AbortController();
    const passive = { signal: listeners.signal, passive: false };
    window.addEventListener("pointermove", follow, passive);
    window.addEventListener("pointerup", end, passive);
    window.addEventListener("pointercancel", end, passive);
    window.addEventListener("keydown", cancel, { ...passive, capture: true });
    stop.current = () => {
      listeners.abort();
      setDrag(null);
      onOver?.(null);
    };
  }

  return { drag, ghost, onPointerDown };
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
