import { useStore } from "zustand";
import { formatShape } from "../../../base/shape";
import type { TensorSnapshot } from "../../../protocol/protocol";
import { cellById } from "../../../store/document/documentStore";
import { documentStore } from "../../../store/stores";
import { tensorFaces, TensorViews } from "../../widgets/tensor/TensorViews";

/** A tensor shown by a cell. The form of display is part of the cell's view, so that the notebook stores it. */
export function TensorOutput({ tensor, cell }: { tensor: TensorSnapshot; cell: string }) {
  const kept = useStore(documentStore, ({ document }) => cellById(document, cell)?.view?.tensor);
  const { name, shape, dtype, device } = tensor;
  return (
    <TensorViews
      {...tensor}
      face={tensorFaces.find((face) => face === kept) ?? "table"}
      onFace={(chosen) => documentStore.getState().setView(cell, { tensor: chosen })}
    >
      {name !== undefined && <strong>{name}</strong>}
      <code>{formatShape(shape)}</code>
      <span>{dtype}</span>
      <span>{device}</span>
    </TensorViews>
  );
}
