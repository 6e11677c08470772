import { AlignLeft, Box, Braces, Database, FileQuestion, TrendingDown } from "lucide-react";
import type { CellFace } from "../../../store/document/documentStore";

const icons = {
  markdown: AlignLeft,
  code: Braces,
  model: Box,
  data: Database,
  train: TrendingDown,
  raw: FileQuestion,
} satisfies Record<CellFace, unknown>;

/** The icon of a kind of cell. */
export function CellIcon({ face }: { face: CellFace }) {
  const Icon = icons[face];
  return <Icon aria-hidden="true" />;
}
