/** All WGSL files by name without extension, such as `drivers/map`. The only glob over shaders/. */
const files: Record<string, string> = import.meta.glob("/shaders/**/*.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});

export const sources: ReadonlyMap<string, string> = new Map(
  Object.entries(files).map(([path, text]) => [path.slice("/shaders/".length, -".wgsl".length), text]),
);

/** Returns the text of a WGSL file. @throws Error (internal) if there is no such file. */
export function sourceOf(name: string): string {
  const text = sources.get(name);
  if (text === undefined) throw new Error(`internal: no shader file ${name}.wgsl`);
  return text;
}
