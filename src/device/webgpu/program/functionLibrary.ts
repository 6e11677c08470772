/** The WGSL functions that a program calls, each for the type that it computes in. */
import { functionsCalledBy } from "../link";
import { sourceOf } from "../../sources";

export type StoredType = "f32" | "i32";

function withoutComments(text: string): string {
  return text.replace(/\/\/.*\n/g, "");
}

function isGeneric(name: string): boolean {
  return /\bT\b/.test(withoutComments(sourceOf(`functions/${name}`)));
}

export class FunctionLibrary {
  private readonly texts = new Map<string, string>();

  /** A text in which `T` is a type; the functions that it calls are added, whole-number ones under names of their own. */
  use(text: string, type: StoredType): string {
    let result = withoutComments(text).replace(/\bT\b/g, type);
    for (const name of functionsCalledBy(text)) {
      const own = type === "i32" && isGeneric(name) ? `${name}_i32` : name;
      result = result.replace(new RegExp(`\\b${name}\\(`, "g"), `${own}(`);
      this.add(name, own, type);
    }
    return result;
  }

  /** Everything that was used, each after what it calls. */
  get text(): string {
    return [...this.texts.values()].join("");
  }

  private add(name: string, own: string, type: StoredType): void {
    if (this.texts.has(own)) return;
    // Its own name is among what its text calls.
    this.texts.set(own, "");
    const source = sourceOf(`functions/${name}`).replace(new RegExp(`\\bfn ${name}\\(`), `fn ${own}(`);
    const used = this.use(source, isGeneric(name) ? type : "f32");
    this.texts.set(own, used);
  }
}
