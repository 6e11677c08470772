import type { Localized } from "../base/info";
import type { Language } from "../i18n/language";
import type { GalleryEntry } from "./libraryState";

/** One line of `gallery/index.json`. */
interface GalleryLine {
  name: string;
  title: Localized;
  description: Localized;
}

/** The gallery's notebooks, in their order. */
export async function fetchGallery(language: Language): Promise<GalleryEntry[]> {
  const lines = JSON.parse(await fetchText("gallery/index.json")) as GalleryLine[];
  return lines.map(({ name, title, description }) => ({
    name,
    title: title[language],
    description: description[language],
  }));
}

/** The text of one notebook of the gallery. */
export function fetchNotebook(name: string, language: Language): Promise<string> {
  return fetchText(`gallery/${name}.${language}.ipynb`);
}

async function fetchText(path: string): Promise<string> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}.`);
  return response.text();
}
