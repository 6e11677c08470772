/** Detects changes of blocks since their forward was recorded: a rebuilt block, or another value in a field. */
import type { Parameter } from "../../tensor/parameter";

/** A field's value, with its items if it is an array, a Map or a plain object. */
interface Field {
  readonly name: string;
  readonly value: unknown;
  readonly items: readonly unknown[] | undefined;
}

function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value].flat();
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : undefined;
}

function fieldsOf(owner: object): Field[] {
  return Object.entries(owner).map(([name, value]: [string, unknown]) => {
    const items = itemsOf(value);
    return { name, value, items: items && [...items] };
  });
}

function isUnchanged(now: unknown, { value, items }: Field): boolean {
  if (!Object.is(now, value)) return false;
  if (!items) return true;
  const after = itemsOf(now)!;
  if (after.length !== items.length) return false;
  for (let index = 0; index < items.length; index++) if (!Object.is(after[index], items[index])) return false;
  return true;
}

/** State of blocks at the time of recording. Only one level inside a field is compared. */
export class RecordingGuard {
  private readonly blocks: readonly { owner: Record<string, unknown>; fields: readonly Field[] }[];
  private readonly trainable: readonly boolean[];

  constructor(
    owners: Iterable<object>,
    private readonly parameters: readonly Parameter[],
  ) {
    this.blocks = Array.from(owners, (owner) => ({
      owner: owner as Record<string, unknown>,
      fields: fieldsOf(owner),
    }));
    this.trainable = parameters.map(({ trainable }) => trainable);
  }

  isSatisfied(): boolean {
    for (let index = 0; index < this.parameters.length; index++)
      if (this.parameters[index]!.trainable !== this.trainable[index]) return false;
    for (const { owner, fields } of this.blocks)
      for (const field of fields) if (!isUnchanged(owner[field.name], field)) return false;
    return true;
  }
}
