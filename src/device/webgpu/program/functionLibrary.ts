/** WGSL functions that a program calls, each for the type that it computes in. */
import { functionsCalledBy } from "../linkShader";
import { sourceOf } from "../../sources";

export type StoredType = "f32" | "i32";

function withoutComments(text: string): string {
  return text.replace(/\/\/.*\n/g, "");
}

interface Use {
  readonly text: string;
  /** Functions that it calls: `name` in `shaders/functions/`, `own` in the program. */
  readonly calls: readonly { readonly name: string; readonly own: string }[];
}

const uses = new Map<string, Use>();

/** Replaces `T` in WGSL code by a type. Results are cached, because programs use the same few functions. */
function typedUse(text: string, type: StoredType): Use {
  const key = `${type} ${text}`;
  let use = uses.get(key);
  if (!use) {
    const calls = functionsCalledBy(text).map((name) => ({
      name,
      own: type === "i32" && isGeneric(name) ? `${name}_i32` : name,
    }));
    const typed = withoutComments(text).replace(/\bT\b/g, type);
    const named = calls.reduce(
      (result, { name, own }) => result.replace(new RegExp(`\\b${name}\\(`, "g"), `${own}(`),
      typed,
    );
    use = { text: named, calls };
    uses.set(key, use);
  }
  return use;
}

function isGeneric(name: string): boolean {
  return /\bT\b/.test(withoutComments(sourceOf(`functions/${name}`)));
}

export class FunctionLibrary {
  private readonly texts = new Map<string, string>();

  /**
   * Replaces `T` in WGSL code by a type and adds the functions that it calls. The i32 version of a generic
   * function has its own name.
   */
  use(text: string, type: StoredType): string {
    const { text: used, calls } = typedUse(text, type);
    for (const { name, own } of calls) this.add(name, own, type);
    return used;
  }

  /** All functions used so far, each after its callees. */
  get text(): string {
    return [...this.texts.values()].join("");
  }

  private add(name: string, own: string, type: StoredType): void {
    if (this.texts.has(own)) return;
    // A function's own name is among the calls in its code.
    this.texts.set(own, "");
    const source = sourceOf(`functions/${name}`).replace(new RegExp(`\\bfn ${name}\\(`), `fn ${own}(`);
    const used = this.use(source, isGeneric(name) ? type : "f32");
    this.texts.set(own, used);
  }
}
