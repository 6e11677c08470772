import { useEffect, useState } from "react";

type EditorModule = typeof import("./createEditor");

let loaded: EditorModule | undefined;
let loading: Promise<EditorModule> | undefined;

/** Fetches the editor's chunk, once; until then source is shown as plain text. */
export function loadEditor(): Promise<EditorModule> {
  return (loading ??= import("./createEditor").then((module) => (loaded = module)));
}

/** The editor's module once it is here; asks for it when `wanted`. */
export function useEditorModule(wanted: boolean): EditorModule | undefined {
  const [module, setModule] = useState(loaded);
  useEffect(() => {
    if (module || !wanted) return;
    let current = true;
    loadEditor().then(
      (arrived) => current && setModule(arrived),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [module, wanted]);
  return module;
}
