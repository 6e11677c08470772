import { useEffect, useLayoutEffect, useState, type RefObject } from "react";

/** The visible part of a scrolling picture, in CSS pixels from its top. */
export interface VisibleRange {
  top: number;
  bottom: number;
  above: boolean;
  below: boolean;
}

/** Returns the part of a picture of this height that a scroller shows; null if it shows all of it. */
export function useVisibleRange(scroller: RefObject<HTMLElement | null>, height: number) {
  const [sight, setSight] = useState<VisibleRange | null>(null);

  function measure() {
    const { scrollTop: top, clientHeight } = scroller.current!;
    const bottom = Math.min(height, top + clientHeight);
    // Scroll positions can be fractions of pixels.
    const [above, below] = [top > 1, bottom < height - 1];
    setSight(above || below ? { top, bottom, above, below } : null);
  }

  function reveal(from: number, length: number) {
    const element = scroller.current!;
    if (from < element.scrollTop) element.scrollTop = from;
    const end = from + length - element.clientHeight;
    if (end > element.scrollTop) element.scrollTop = end;
  }

  useEffect(() => {
    if (!scroller.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(scroller.current);
    return () => observer.disconnect();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a picture of another height needs another `measure`
  }, [scroller, height]);
  useLayoutEffect(() => {
    if (scroller.current) measure();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `measure` reads the scroller alone
  }, [height]);
  return { sight, look: measure, reveal };
}
