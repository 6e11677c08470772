/**
 * Emits instructions for the recorded effects of a function. A value is computed where it is first needed and stored in
 * a local if it is needed again; loop-invariant values are computed before the loop.
 */
import { Bytes, type ValueType, type WasmFunction } from "./binary";
import type { CodeAction, CodeBuilder, LoopAction, StoreAction } from "./codeBuilder";
import type { WasmNode } from "./wasmGraph";
import { instruction, type InstructionName } from "./instructions";

const code = { end: 0x0b, loop: 0x03, branchIf: 0x0d, get: 0x20, set: 0x21, tee: 0x22, constant: 0x41, vectors: 0xfd };
const blockOfNothing = 0x40;

/** Returns the values that an action needs directly. */
function rootsOf(action: Exclude<CodeAction, LoopAction>): readonly WasmNode[] {
  return action.kind === "store" ? [action.address, action.value] : [action.value];
}

function eachRoot(actions: readonly CodeAction[], visit: (node: WasmNode) => void): void {
  for (const action of actions) {
    if (action.kind === "loop") eachRoot(action.body, visit);
    else rootsOf(action).forEach(visit);
  }
}

class CodeWriter {
  readonly code = new Bytes();
  readonly locals: ValueType[];
  private readonly uses = new Map<WasmNode, number>();
  private readonly locallyCached = new Map<WasmNode, number>();
  /** Memory that the function reads. */
  private readonly sources = new Set<string>();

  constructor({ variables, actions }: CodeBuilder) {
    this.locals = variables.map(({ type }) => type);
    eachRoot(actions, (node) => this.count(node));
    this.list(actions);
  }

  private count(node: WasmNode): void {
    if (node.source) this.sources.add(node.source);
    const uses = this.uses.get(node) ?? 0;
    this.uses.set(node, uses + 1);
    if (uses === 0) for (const arg of node.args) this.count(arg);
  }

  private list(actions: readonly CodeAction[]): void {
    actions.forEach((action, index) => {
      if (action.kind === "loop") {
        this.loop(action);
        return;
      }
      if (action.kind === "materialize") {
        this.cacheInLocal(action.value);
        return;
      }
      if (action.kind === "store" && this.sources.has(action.target)) this.readBefore(action, actions.slice(index + 1));
      for (const root of rootsOf(action)) this.push(root);
      if (action.kind === "set") this.local(code.set, action.variable.number);
      else if (action.kind === "exit") this.exit();
      else this.store(action);
    });
  }

  /** Leaves the function if the i32 on the stack is 0. */
  private exit(): void {
    this.instruction("i32.eqz");
    this.code.byte(code.branchIf);
    this.code.byte(0);
  }

  /** Before a store overwrites memory, computes the values that later stores of the same pass read from it. */
  private readBefore({ target, pass }: StoreAction, later: readonly CodeAction[]): void {
    const seen = new Set<WasmNode>();
    const visit = (node: WasmNode) => {
      if (seen.has(node) || this.locallyCached.has(node)) return;
      seen.add(node);
      if (node.source === target) this.cacheInLocal(node);
      else node.args.forEach(visit);
    };
    for (const action of later) {
      if (action.kind !== "store" || action.pass !== pass) return;
      rootsOf(action).forEach(visit);
    }
  }

  private loop({ variable, start, end, step, level, body }: LoopAction): void {
    this.hoist(body, level);
    this.wholeConstant(start);
    this.local(code.set, variable.number);
    this.code.byte(code.loop);
    this.code.byte(blockOfNothing);
    this.list(body);
    this.local(code.get, variable.number);
    this.wholeConstant(step);
    this.instruction("i32.add");
    this.local(code.tee, variable.number);
    this.wholeConstant(end);
    this.instruction("i32.lt_u");
    this.code.byte(code.branchIf);
    this.code.byte(0);
    this.code.byte(code.end);
  }

  /** Computes loop-invariant values before a loop. */
  private hoist(body: readonly CodeAction[], level: number): void {
    const seen = new Set<WasmNode>();
    const visit = (node: WasmNode) => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.level < level) this.cacheInLocal(node);
      else node.args.forEach(visit);
    };
    eachRoot(body, visit);
  }

  /** Computes a value into a local, unless it is already in one or is as cheap as one. */
  private cacheInLocal(node: WasmNode): void {
    if (this.locallyCached.has(node) || node.op === "i32.const" || node.op === "variable") return;
    this.compute(node);
    this.local(code.set, this.newLocal(node));
  }

  /** Emits code that leaves a value on the stack. */
  private push(node: WasmNode): void {
    const local = this.locallyCached.get(node);
    if (local !== undefined) this.local(code.get, local);
    else if (node.op === "i32.const") this.wholeConstant(node.immediate[0]!);
    else if (node.op === "variable") this.local(code.get, node.immediate[0]!);
    else {
      this.compute(node);
      if (this.uses.get(node)! > 1) this.local(code.tee, this.newLocal(node));
    }
  }

  private compute(node: WasmNode): void {
    for (const arg of node.args) this.push(arg);
    this.instruction(node.op as InstructionName);
    const [first, lane] = node.immediate;
    if (node.op === "v128.const") for (const bits of node.immediate) this.code.word(bits);
    else if (node.op === "i8x16.shuffle") for (const byte of node.immediate) this.code.byte(byte);
    else if (node.op === "i32x4.extract_lane" || node.op === "i32x4.replace_lane") this.code.byte(first!);
    else if (node.immediate.length > 0) {
      this.writeOffset(first!);
      if (lane !== undefined) this.code.byte(lane);
    }
  }

  private store({ instruction: name, offset, part }: StoreAction): void {
    this.instruction(name);
    this.writeOffset(offset);
    if (name !== "v128.store") this.code.byte(part);
  }

  /** Emits the alignment, as a power of two that is valid for every access, and the offset. */
  private writeOffset(offset: number): void {
    this.code.unsigned(2);
    this.code.unsigned(offset);
  }

  private newLocal(node: WasmNode): number {
    const local = this.locals.push(node.type) - 1;
    this.locallyCached.set(node, local);
    return local;
  }

  private local(what: number, index: number): void {
    this.code.byte(what);
    this.code.unsigned(index);
  }

  private wholeConstant(value: number): void {
    this.code.byte(code.constant);
    this.code.signed(value);
  }

  private instruction(name: InstructionName): void {
    const { code: number, vector } = instruction(name);
    if (vector) {
      this.code.byte(code.vectors);
      this.code.unsigned(number);
    } else this.code.byte(number);
  }
}

/** Returns the function that a builder describes. */
export function writeCode(name: string, builder: CodeBuilder): WasmFunction {
  const writer = new CodeWriter(builder);
  return { name, locals: writer.locals, code: writer.code };
}
