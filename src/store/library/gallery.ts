import type { Localized } from "../../base/info";
import type { Language } from "../../i18n/language";
import type { GalleryEntry, Shelf } from "./libraryState";

/** One entry of a shelf's `index.json`. */
interface ShelfLine {
  name: string;
  title: Localized;
  description: Localized;
}

/** Folders of the notebooks that ship. A name occurs on one shelf only. */
const shelves: readonly Shelf[] = ["lessons", "gallery"];

/** The lessons in order, then the gallery's notebooks. */
export async function fetchGallery(language: Language): Promise<GalleryEntry[]> {
  const lists = await Promise.all(shelves.map(fetchShelf));
  return lists.flatMap((lines, index) =>
    lines.map(({ name, title, description }) => ({
      shelf: shelves[index]!,
      name,
      title: title[language],
      description: description[language],
    })),
  );
}

/** Fetches the text of a notebook that ships. An address contains only its name, so all shelves are searched. */
export async function fetchNotebook(name: string, language: Language): Promise<string> {
  const lists = await Promise.all(shelves.map(fetchShelf));
  const shelf = shelves.find((_, index) => lists[index]!.some((line) => line.name === name)) ?? "gallery";
  return fetchText(`${shelf}/${name}.${language}.ipynb`);
}

async function fetchShelf(shelf: Shelf): Promise<ShelfLine[]> {
  return JSON.parse(await fetchText(`${shelf}/index.json`)) as ShelfLine[];
}

async function fetchText(path: string): Promise<string> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}.`);
  return response.text();
}
