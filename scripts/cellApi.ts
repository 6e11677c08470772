import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { KindInfo, Localized } from "../src/base/info.ts";
import type { CellApi, CellName } from "../src/notebook/cells/cellApi.ts";
import type { Catalogue } from "../src/protocol/protocol.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const face = resolve(root, "src/index.ts");
/** The functions that are methods of tensors: a mapped type, whose members have no docstrings. */
const ops = "src/tensor/ops/index.ts";

/** Names that a session adds to those of the library: exports of files, or the members of a class's field. */
const fromSession = {
  exports: { "src/session/show/images.ts": ["images"], "src/session/show/plot.ts": ["plot"] },
  field: { file: "src/session/cells/runner.ts", type: "Runner", name: "functions" },
};

/** Names that are used only inside the runtime. */
const hidden = new Set(
  (
    "open setHost Operand backend node view asTensor slot ensureValues checkLive allocate aliasStorage adoptSlot offload read write " +
    "pending disposed planSlot assignPlanSlot moveToPlanSlot markReplaced moveTo rebind untouched origins addedWeights lastOutputShape toString " +
    "slotNames slotsOf ruleName recorded updates fieldTensors fieldValues begin permit endEpoch end"
  ).split(" "),
);

/** Classes whose members are completed after a dot. A subclass counts as its nearest base class in this list. */
const held = new Set(["Tensor", "Parameter", "Block", "Optimizer", "TrainingControl"]);

/** Longer texts are cut, because a hint is read at a glance. */
const maxDetail = 240;
const maxText = 320;

/** Returns the first paragraph of a docstring on one line. */
function firstParagraph(text: string): string {
  const [first = ""] = text.split(/\n\s*\n/);
  const line = first.replace(/\s+/g, " ").trim();
  return line.length <= maxText ? line : `${line.slice(0, maxText - 1)}…`;
}

class ApiReader {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  /** Descriptions of kinds, by the name that cells call. */
  readonly #said = new Map<string, Localized>();
  /** The declared symbol of each described name. */
  readonly symbols = new Map<CellName, ts.Symbol>();
  readonly #ops: Map<string, ts.Symbol>;

  constructor(catalogue: Catalogue) {
    const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
    const config = ts.getParsedCommandLineOfConfigFile(resolve(root, "tsconfig.runtime.json"), { noEmit: true }, host);
    const files = [...Object.keys(fromSession.exports), fromSession.field.file].map((file) => resolve(root, file));
    this.program = ts.createProgram([face, ...files], config!.options);
    this.checker = this.program.getTypeChecker();
    const kinds: KindInfo[] = Object.values(catalogue).flat();
    for (const { kind, description } of kinds) if (!this.#said.has(kind)) this.#said.set(kind, description);
    this.#ops = new Map(this.exportsOf(ops).map((symbol) => [symbol.name, symbol]));
  }

  exportsOf(file: string): ts.Symbol[] {
    const module = this.checker.getSymbolAtLocation(this.program.getSourceFile(resolve(root, file))!);
    return this.checker.getExportsOfModule(module!).map((symbol) => this.#target(symbol));
  }

  typeOf(symbol: ts.Symbol): ts.Type {
    return this.checker.getTypeOfSymbol(symbol);
  }

  /** Describes a name for a hint. Undefined for a type, which needs no hint in a cell. */
  describe(symbol: ts.Symbol, name = symbol.name): CellName | undefined {
    const described = this.#describe(symbol, name);
    if (described) this.symbols.set(described, symbol);
    return described;
  }

  /** The symbol whose docstring describes a name: the op of a tensor's method, the value of an object's field. */
  documented(symbol: ts.Symbol): ts.Symbol {
    const declaration = symbol.valueDeclaration;
    if (!declaration) return this.#ops.get(symbol.name) ?? symbol;
    if (symbol.getDocumentationComment(this.checker).length > 0) return symbol;
    const value = ts.isShorthandPropertyAssignment(declaration)
      ? this.checker.getShorthandAssignmentValueSymbol(declaration)
      : ts.isPropertyAssignment(declaration) && this.checker.getSymbolAtLocation(declaration.initializer);
    return value ? this.#target(value) : symbol;
  }

  #describe(symbol: ts.Symbol, name: string): CellName | undefined {
    if (!(symbol.flags & ts.SymbolFlags.Value) && !(symbol.flags & ts.SymbolFlags.Alias)) return undefined;
    const type = this.typeOf(symbol);
    const [call] = type.getCallSignatures();
    const [made] = type.getConstructSignatures();
    const signature = call ?? made;
    const doc = this.#docOf(symbol, name);
    const returns = signature && this.#returned(signature);
    if (this.#isList(symbol, type)) {
      const members = this.checker.getPropertiesOfType(type).flatMap((member) => {
        const target = this.#target(member);
        return this.describe(target, member.name) ?? [];
      });
      return { name, kind: "namespace", detail: name, ...doc, members };
    }
    const kind = call ? "function" : made ? "class" : "constant";
    const detail = call ? name + this.#text(call) : made ? `class ${name}` : `${name}: ${this.#typeText(type)}`;
    return { name, kind, detail: cut(detail), ...doc, ...(returns && { returns }) };
  }

  /** Returns the public fields and methods of a class, for completion after a dot. */
  membersOf(symbol: ts.Symbol): CellName[] {
    const type = this.checker.getDeclaredTypeOfSymbol(symbol);
    return this.checker.getPropertiesOfType(type).flatMap((member) => {
      const flags = member.valueDeclaration ? ts.getCombinedModifierFlags(member.valueDeclaration) : 0;
      const internal = flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
      if (internal || hidden.has(member.name) || !/^[a-z]\w*$/i.test(member.name)) return [];
      return this.describe(member) ?? [];
    });
  }

  #target(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Returns true for a module of kinds or an object of functions. */
  #isList(symbol: ts.Symbol, type: ts.Type): boolean {
    const isPlain = type.getCallSignatures().length === 0 && type.getConstructSignatures().length === 0;
    const functions = () =>
      this.checker.getPropertiesOfType(type).filter((member) => this.typeOf(member).getCallSignatures().length > 0);
    if (!isPlain) return false;
    return (
      (symbol.flags & ts.SymbolFlags.ValueModule) !== 0 ||
      (!!(symbol.flags & ts.SymbolFlags.Variable) && functions().length > 1)
    );
  }

  #docOf(symbol: ts.Symbol, name: string): { doc?: Localized } {
    const own = firstParagraph(ts.displayPartsToString(this.documented(symbol).getDocumentationComment(this.checker)));
    const said = this.#said.get(name);
    // A kind has descriptions in both languages. Something else may only share a kind's name.
    if (said && (own === "" || this.typeOf(symbol).getProperty("info"))) return { doc: said };
    return own ? { doc: { en: own, zh: own } } : {};
  }

  #text(signature: ts.Signature): string {
    const text = this.checker.signatureToString(signature, undefined, ts.TypeFormatFlags.NoTruncation);
    // `this` is not an argument, and optional parameters are already marked by `?`.
    return text
      .replace(/\(this: \w+(, )?/, "(")
      .replaceAll(" | undefined", "")
      .replaceAll("unknown", "any");
  }

  #typeText(type: ts.Type): string {
    return this.checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
  }

  /** Returns the name of the class in `held` that a call returns or its promise resolves to. */
  #returned(signature: ts.Signature): string | undefined {
    const type = signature.getReturnType();
    const [value] = type.symbol?.name === "Promise" ? this.checker.getTypeArguments(type as ts.TypeReference) : [type];
    for (let at = value; at?.symbol;) {
      if (held.has(at.symbol.name)) return at.symbol.name;
      const { symbol } = at;
      const own = this.checker.getDeclaredTypeOfSymbol(symbol);
      at = own.isClassOrInterface() ? this.checker.getBaseTypes(own)[0]! : undefined!;
    }
    return undefined;
  }
}

function cut(text: string): string {
  return text.length <= maxDetail ? text : `${text.slice(0, maxDetail - 1)}…`;
}

/** Reads every name that a cell sees from the declarations of the runtime and the session. */
export function cellApi(catalogue: Catalogue): CellApi {
  return readApi(new ApiReader(catalogue));
}

/** The declaration of a name that a cell sees, with the checker that read it. */
export interface DeclaredName extends CellName {
  /** Its name in a cell, such as `losses.huber`; a member of a class has the class before the dot. */
  path: string;
  /** The symbol whose docstring describes it. */
  symbol: ts.Symbol;
  checker: ts.TypeChecker;
}

/** The names of `cellApi` with their declarations, each declaration once, namespaces opened. */
export function declaredNames(catalogue: Catalogue): DeclaredName[] {
  const reader = new ApiReader(catalogue);
  const { names, members } = readApi(reader);
  const listed = [
    ...names.flatMap((name) => [name, ...(name.members ?? [])].map((one) => ({ holder: name, one }))),
    // Members that Tensor and Parameter share are listed under Tensor.
    ...Object.keys(members)
      .toSorted((a, b) => Number(b === "Tensor") - Number(a === "Tensor"))
      .flatMap((name) => members[name]!.map((one) => ({ holder: { name }, one }))),
  ];
  const seen = new Set<ts.Symbol>();
  return listed.flatMap(({ holder, one }) => {
    const declared = reader.symbols.get(one)!;
    if (seen.has(declared)) return [];
    seen.add(declared);
    const path = holder === one ? one.name : `${holder.name}.${one.name}`;
    return { ...one, path, symbol: reader.documented(declared), checker: reader.checker };
  });
}

function readApi(reader: ApiReader): CellApi {
  const exported = reader.exportsOf("src/index.ts").filter(({ name }) => !hidden.has(name));
  const aliases = reader.checker.getExportsOfModule(
    reader.checker.getSymbolAtLocation(reader.program.getSourceFile(face)!)!,
  );
  // A module re-exported under a name has that name, not its file's.
  const names = exported.flatMap((symbol) => {
    const alias = aliases.find(
      (one) => one.flags & ts.SymbolFlags.Alias && reader.checker.getAliasedSymbol(one) === symbol,
    );
    return reader.describe(symbol, alias?.name ?? symbol.name) ?? [];
  });
  const { field } = fromSession;
  const holder = reader.exportsOf(field.file).find(({ name }) => name === field.type)!;
  const functions = reader.checker
    .getPropertiesOfType(reader.checker.getDeclaredTypeOfSymbol(holder))
    .find(({ name }) => name === field.name)!;
  const added = [
    ...reader.checker.getPropertiesOfType(reader.typeOf(functions)),
    ...Object.entries(fromSession.exports).flatMap(([file, wanted]) =>
      reader.exportsOf(file).filter(({ name }) => wanted.includes(name)),
    ),
  ].flatMap((symbol) => reader.describe(symbol) ?? []);
  const classes = exported.filter(({ name }) => held.has(name));
  const members = Object.fromEntries(classes.map((symbol) => [symbol.name, reader.membersOf(symbol)]));
  return { names: [...names, ...added], members };
}
