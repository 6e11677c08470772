/** Edits of a block's fields, its name and its variable. */
import type { SyntaxNode } from "@lezer/common";
import type { KindInfo } from "../../base/info";
import { argumentsOf, blockText, breakLongLists, type SourceEdit, insertBlock, openSource } from "./compositionEdits";
import { applyChanges, type SourceChange, insertItem, removeItem } from "./compositionList";
import { firstSyntaxError, isComment, type List, listOf, parseSource, propertiesOf } from "./compositionSyntax";
import { newBlock } from "./compositionText";
import {
  type BlockPath,
  type CompositionNode,
  type FieldValue,
  kindInfoOf,
  type Kinds,
  nodeAt,
} from "./compositionTree";
import { optionFields, positionalFields, printKey, printValue, startValue } from "./compositionValues";

/** Sets a field of a block; `undefined` removes it, which restores the default. */
export function setField(
  source: string,
  kinds: Kinds,
  path: BlockPath,
  field: string,
  value: FieldValue | undefined,
): SourceEdit | null {
  const parsed = openSource(source, kinds);
  const node = parsed && nodeAt(parsed.compositions, path);
  const info = node?.type === "block" ? kindInfoOf(kinds.blocks, node.kind) : undefined;
  if (!parsed || node?.type !== "block" || !info) return null;
  const call: CallToEdit = { source, kinds, info, args: argumentsOf(parsed, node), given: node.fields };
  const changes = setArgument(call, field, value);
  return { source: breakLongLists(applyChanges(source, changes), kinds, path), path: [...path] };
}

interface CallToEdit {
  source: string;
  kinds: Kinds;
  info: KindInfo;
  args: SyntaxNode;
  given: { [field: string]: FieldValue };
}

function setArgument(call: CallToEdit, field: string, value: FieldValue | undefined): SourceChange[] {
  const list = listOf(call.args)!;
  const options = optionFields(call.info, list);
  const asOption = options && propertiesOf(options, call.source)!.some(({ key }) => key === field);
  const position = positionalFields(call.info).findIndex(({ name }) => name === field);
  if (position >= 0 && !asOption) return setPositional(call, list, options, position, value);
  return value ? setOption(call, list, options, field, value) : removeOption(call, list, options, field);
}

function setPositional(
  { source, kinds, info, given }: CallToEdit,
  list: List,
  options: SyntaxNode | null,
  position: number,
  value: FieldValue | undefined,
): SourceChange[] {
  const fields = positionalFields(info);
  const first = list.items[0]?.syntax;
  const isBlocks = info.children === "list" ? first?.name === "ArrayExpression" : first && first.from !== options?.from;
  const offset = info.children && isBlocks ? 1 : 0;
  const count = list.items.length - offset - (options ? 1 : 0);
  const item = list.items[position + offset];
  const field = fields[position]!;
  // Without a value, an optional last argument is omitted. Only classes declared in the notebook have such arguments.
  const leaves = !value && field.start === "undefined" && position === list.items.length - 1;
  if (leaves && item) return removeItem(source, list, position);
  if (position < count && item) {
    return [{ from: item.from, to: item.to, insert: printValue(value ?? startValue(field), kinds) }];
  }
  if (!value) return [];
  const missing = fields.slice(count, position).map((between) => given[between.name] ?? startValue(between));
  const text = [...missing, value].map((each) => printValue(each, kinds)).join(", ");
  return insertItem(source, list, count + offset, { lead: "", text, tail: "" });
}

function setOption(
  { source, kinds }: CallToEdit,
  list: List,
  options: SyntaxNode | null,
  field: string,
  value: FieldValue,
): SourceChange[] {
  const text = `${printKey(field)}: ${printValue(value, kinds)}`;
  if (!options) return insertItem(source, list, list.items.length, { lead: "", text: `{ ${text} }`, tail: "" });
  const property = propertiesOf(options, source)!.find(({ key }) => key === field);
  if (property?.value) {
    return [{ from: property.value.from, to: property.value.to, insert: printValue(value, kinds) }];
  }
  if (property) return [{ from: property.item.from, to: property.item.to, insert: text }];
  const inside = listOf(options)!;
  if (inside.items.length === 0 && source.slice(inside.open, inside.close).trim() === "") {
    return [{ from: options.from, to: options.to, insert: `{ ${text} }` }];
  }
  return insertItem(source, inside, inside.items.length, { lead: "", text, tail: "" });
}

function removeOption({ source }: CallToEdit, list: List, options: SyntaxNode | null, field: string): SourceChange[] {
  const properties = options ? propertiesOf(options, source)! : [];
  const index = properties.findIndex(({ key }) => key === field);
  if (!options || index < 0) return [];
  const onlyThis = properties.length === 1 && !hasComment(options);
  return onlyThis ? removeItem(source, list, list.items.length - 1) : removeItem(source, listOf(options)!, index);
}

function hasComment(syntax: SyntaxNode): boolean {
  for (let child = syntax.firstChild; child; child = child.nextSibling) if (isComment(child)) return true;
  return false;
}

/** Inserts a copy of a block after it. Names must be unique among siblings, so a copied name gets a number. */
export function duplicateBlock(source: string, kinds: Kinds, path: BlockPath): SourceEdit | null {
  const text = blockText(source, kinds, path);
  const parent = path.slice(0, -1);
  if (text === null || parent.length === 0) return null;
  const copy = insertBlock(source, kinds, parent, path.at(-1)! + 1, text);
  return copy && withOwnName(copy, kinds);
}

/** Adds a number to the name of the block at the edit's path if a sibling has the same name. */
export function withOwnName(edit: SourceEdit, kinds: Kinds): SourceEdit {
  const { compositions } = openSource(edit.source, kinds)!;
  const parent = nodeAt(compositions, edit.path.slice(0, -1));
  const siblings = parent?.type === "block" ? (parent.children ?? []) : [];
  const name = nameOf(siblings[edit.path.at(-1)!]);
  const taken = new Set(siblings.filter((_, index) => index !== edit.path.at(-1)).map(nameOf));
  if (name === undefined || !taken.has(name)) return edit;
  const stem = name.replace(/-\d+$/, "");
  let number = 2;
  while (taken.has(`${stem}-${number}`)) number++;
  return setField(edit.source, kinds, edit.path, "name", { type: "literal", value: `${stem}-${number}` }) ?? edit;
}

/** Returns the name of a block if the source states it as a plain string. */
export function nameOf(node: CompositionNode | undefined): string | undefined {
  const name = node?.type === "block" ? node.fields.name : undefined;
  return name?.type === "literal" && typeof name.value === "string" ? name.value : undefined;
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const reserved = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if import in instanceof let new null return static super switch this throw true try typeof undefined var " +
    "void while with yield"
  ).split(" "),
);

export function isVariableName(name: string): boolean {
  return identifier.test(name) && !reserved.has(name);
}

/**
 * Renames a variable everywhere in the cell. Returns null if `to` is not a valid name or is already used in the cell.
 * All bindings named `from` are renamed together, so inner scopes that shadow it keep their meaning.
 */
export function renameVariable(source: string, from: string, to: string): string | null {
  const tree = parseSource(source);
  if (firstSyntaxError(tree) !== null || !isVariableName(to)) return null;
  const changes: SourceChange[] = [];
  let taken = false;
  tree.iterate({
    enter({ name, node }) {
      if (name !== "VariableName" && name !== "VariableDefinition" && !isShorthand(node)) return;
      const text = source.slice(node.from, node.to);
      if (text === to) taken = true;
      if (text !== from) return;
      const shorthand = isShorthand(node) || (node.parent?.name === "PatternProperty" && !node.prevSibling);
      changes.push({ from: node.from, to: node.to, insert: shorthand ? `${from}: ${to}` : to });
    },
  });
  return taken ? null : applyChanges(source, changes);
}

/** True for the `net` of `{ net }`. */
function isShorthand(node: SyntaxNode): boolean {
  return (
    node.name === "PropertyDefinition" && node.parent?.name === "Property" && !node.nextSibling && !node.prevSibling
  );
}

/** Appends `const net = sequential([]);` to a cell. */
export function addComposition(source: string, kinds: Kinds, kind: string): SourceEdit | null {
  const parsed = openSource(source, kinds);
  if (!parsed) return null;
  let variable = "net";
  for (let number = 2; new RegExp(`\\b${variable}\\b`).test(source); number++) variable = `net${number}`;
  const before = source.trimEnd();
  const text = `const ${variable} = ${newBlock(kind, kinds)};`;
  return { source: before ? `${before}\n\n${text}\n` : text, path: [parsed.compositions.length] };
}
