import { ArgumentError } from "../../base/errors";
import { noteBlocks } from "./blockSources";
import { ParseError } from "./parseCell";
import { offsetAt, type OffsetMap, type Position, positionAt } from "./textPositions";
import { bridgeName, madeName, transpile, type TranspiledCell } from "./transpile";

export interface CellSource {
  cell: string;
  run: number;
  source: string;
}

export interface SourceLocation extends Position {
  cell: string;
}

/** A top-level name of a cell, with accessors to its binding. */
type Binding = [name: string, get: () => unknown, set: (value: unknown) => void];

interface Bridge {
  scope: object;
  library: object;
  import: (name: string) => unknown;
  importLater: (name: string) => Promise<unknown>;
  declare: (bindings: Binding[]) => void;
  /** Notes the block that a call made, and returns the call's value. */
  made: (call: number, value: unknown) => unknown;
}

/** Data of a run that maps places of a stack back to its source. */
interface EvaluatedCell {
  cell: string;
  source: string;
  text: string;
  headLength: number;
  toSource: OffsetMap;
}

export type CellResult = { declared: string[] } & ({ ok: true; value: unknown } | { ok: false; error: unknown });

/**
 * Globals that a cell binds as constants if it uses them: a free name resolved through the scope object costs a hundred
 * times more.
 */
const builtins = [
  ..."undefined NaN Infinity Object Function Array Number Boolean String Symbol BigInt Math Date RegExp JSON".split(
    " ",
  ),
  ..."Error TypeError RangeError Map Set WeakMap WeakSet Promise Proxy Reflect isNaN isFinite parseInt".split(" "),
  ..."parseFloat ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array".split(" "),
  ..."Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array performance console".split(" "),
];

/** Stack formats of Chromium (`at f (cell-a.ts?run=1:2:3)`) and Firefox (`f@cell-a.ts?run=1:2:3`). */
const stackLocation = /(cell-[^\s()?]+\.ts\?run=\d+):(\d+):(\d+)/g;

/** Indirect, so that the code sees globals but nothing of this module. */
// oxlint-disable-next-line no-eval -- a session exists to evaluate code, and its frame isolates it
const evaluateGlobally = globalThis.eval;

/**
 * Number of earlier runs whose places remain known: their functions may throw later, but a session must not grow
 * without bound.
 */
const maxEvaluatedCells = 1000;

/** The name of a run's code in stacks, without characters that would end it there. */
function codeName({ cell, run }: CellSource): string {
  return `cell-${encodeURIComponent(cell).replace(/[()]/g, "_")}.ts?run=${run}`;
}

function read(binding: Binding): { value: unknown } | undefined {
  try {
    return { value: binding[1]() };
  } catch {
    // Uninitialized: the only case in which reading a variable throws.
    return undefined;
  }
}

/**
 * Runs cells in one growing scope.
 *
 * A cell is the body of a strict async function inside `with (scope)`. Its top-level names are plain local variables;
 * the scope gets accessors to them, so that functions of other cells see the newest value.
 */
export class CellEvaluator {
  readonly #library: Record<string, unknown>;
  readonly #constants: Record<string, unknown>;
  readonly #scope: Record<string, unknown>;
  readonly #evaluated = new Map<string, EvaluatedCell>();
  readonly #syntaxLocations = new WeakMap<object, SourceLocation>();
  readonly #locate: (error: SyntaxError) => Position | undefined;

  /**
   * @param library the names that every cell sees, and the exports of `import ... from "weightroom"`
   * @param locate returns where in an evaluated text the engine found a syntax error, which the error's stack does not
   * contain
   */
  constructor(
    library: Readonly<Record<string, unknown>>,
    locate: (error: SyntaxError) => Position | undefined = () => undefined,
  ) {
    const globals = globalThis as unknown as Record<string, unknown>;
    this.#library = Object.freeze(Object.assign(Object.create(null), library));
    this.#constants = Object.assign(
      Object.create(null),
      Object.fromEntries(builtins.map((name) => [name, globals[name]])),
      library,
    );
    this.#scope = Object.create(this.#library);
    this.#locate = locate;
  }

  /** Names declared by cells. */
  names(): string[] {
    return Object.keys(this.#scope);
  }

  /** Returns the value of a declared name. */
  get(name: string): unknown {
    return Object.hasOwn(this.#scope, name) ? this.#scope[name] : undefined;
  }

  /** All names that a cell sees, its own first. */
  visible(): string[] {
    return [...new Set([...this.names(), ...Object.keys(this.#constants)])];
  }

  /** Returns the value of a visible name. */
  valueOf(name: string): unknown {
    return Object.hasOwn(this.#scope, name) ? this.#scope[name] : this.#constants[name];
  }

  /** Runs a cell to its end. A cell that fails keeps the names it declared before. */
  async run(source: CellSource): Promise<CellResult> {
    const declared: Binding[] = [];
    const before = new Map<string, PropertyDescriptor | undefined>();
    const declare = (bindings: Binding[]) => {
      for (const binding of bindings) {
        before.set(binding[0], Object.getOwnPropertyDescriptor(this.#scope, binding[0]));
        declared.push(binding);
        this.#declareEarly(binding, before.get(binding[0]));
      }
    };
    let result: { ok: true; value: unknown } | { ok: false; error: unknown };
    try {
      result = { ok: true, value: await this.#start(source, declare)() };
    } catch (error) {
      result = { ok: false, error };
    }
    const kept = declared.filter((binding) => this.#declareFinally(binding, before.get(binding[0])));
    // The cell's code closes over `declare`, and thereby over this map: the replaced values would never be freed.
    before.clear();
    return { ...result, declared: kept.map(([name]) => name) };
  }

  /** Returns where in a cell's source an error came from: the innermost place of its stack that is in a cell. */
  locationOf(error: unknown): SourceLocation | undefined {
    if (typeof error !== "object" || error === null) return undefined;
    const known = this.#syntaxLocations.get(error);
    if (known) return known;
    const { stack } = error as { stack?: unknown };
    if (typeof stack !== "string") return undefined;
    for (const [, name, line, column] of stack.matchAll(stackLocation)) {
      const place = this.#toSource(name!, { line: Number(line), column: Number(column) });
      if (place) return place;
    }
    return undefined;
  }

  /** Compiles a cell's code. Throws syntax errors, our own and the engine's, with their places recorded. */
  #start(source: CellSource, declare: Bridge["declare"]): () => Promise<unknown> {
    const name = codeName(source);
    try {
      const transpiled = transpile(source.source);
      const head = this.#headOf(transpiled);
      const text = `${head}${transpiled.code}\n})})()}})\n//# sourceURL=${name}`;
      this.#remember(name, { ...source, text, headLength: head.length, toSource: transpiled.toSource });
      return (evaluateGlobally(text) as (bridge: Bridge) => () => Promise<unknown>)({
        scope: this.#scope,
        library: this.#constants,
        import: (module) => this.#import(module),
        importLater: async (module) => this.#import(module),
        declare,
        made: noteBlocks(source, transpiled.calls),
      });
    } catch (error) {
      const place = this.#locationOfSyntaxError(error, source, name);
      if (place) this.#syntaxLocations.set(error as object, { cell: source.cell, ...place });
      throw error;
    }
  }

  #locationOfSyntaxError(error: unknown, { source }: CellSource, name: string): Position | undefined {
    if (error instanceof ParseError) return positionAt(source, error.offset);
    const found = error instanceof SyntaxError ? this.#locate(error) : undefined;
    return found && this.#toSource(name, found);
  }

  /** All generated code is on the cell's first line, so the line numbers of stacks are those of the source. */
  #headOf({ declared, identifiers }: TranspiledCell): string {
    const own = new Set(declared);
    const constants = [...identifiers].filter(
      (name) => name in this.#constants && !own.has(name) && !Object.hasOwn(this.#scope, name),
    );
    const bindings = declared.map((name) => `["${name}",()=>${name},v=>{${name}=v}]`);
    return (
      `(function(${bridgeName}){with(${bridgeName}.scope){return (function(){"use strict";` +
      `const {${constants.join(",")}}=${bridgeName}.library,${madeName}=${bridgeName}.made;` +
      `return (async function(){${bridgeName}.declare([${bindings.join(",")}]);`
    );
  }

  /** While its cell runs, a name may be uninitialized: until then, others see the value from an earlier cell. */
  #declareEarly(binding: Binding, before: PropertyDescriptor | undefined): void {
    const [name, get, set] = binding;
    const current = () => (read(binding) || !before ? { get, set } : (before as { get: typeof get; set: typeof set }));
    Object.defineProperty(this.#scope, name, {
      get: () => current().get(),
      set: (value: unknown) => {
        current().set(value);
      },
      configurable: true,
      enumerable: true,
    });
  }

  /** Makes a binding permanent, or restores the previous one if the cell failed before assigning a value. */
  #declareFinally(binding: Binding, before: PropertyDescriptor | undefined): boolean {
    const [name, get, set] = binding;
    const initialised = read(binding) !== undefined;
    if (initialised) Object.defineProperty(this.#scope, name, { get, set, configurable: true, enumerable: true });
    else if (before) Object.defineProperty(this.#scope, name, before);
    else delete this.#scope[name];
    return initialised;
  }

  #import(module: string): unknown {
    if (module === "weightroom") return this.#library;
    throw new ArgumentError({
      at: `import "${module}"`,
      expected: `"weightroom"`,
      got: `"${module}"`,
      remedy: "A cell has no network: paste the code into a cell instead.",
    });
  }

  #remember(name: string, evaluated: EvaluatedCell): void {
    this.#evaluated.set(name, evaluated);
    if (this.#evaluated.size <= maxEvaluatedCells) return;
    for (const oldest of this.#evaluated.keys()) {
      this.#evaluated.delete(oldest);
      break;
    }
  }

  /** Null for a place in the generated head (such as the setter of a constant). */
  #toSource(name: string, position: Position): SourceLocation | undefined {
    const evaluated = this.#evaluated.get(name);
    if (!evaluated) return undefined;
    const { cell, source, text, headLength, toSource } = evaluated;
    const offset = offsetAt(text, position) - headLength;
    return offset < 0 ? undefined : { cell, ...positionAt(source, toSource(offset)) };
  }
}
