/**
 * Parser of the WGSL subset that element functions use: functions of numbers and short vectors, with `let`, `var`,
 * assignments, `if`, `for` and `return`. Source: WGSL, W3C Candidate Recommendation, "Expressions" and "Statements".
 */

export type Expression =
  | {
      readonly kind: "literal";
      readonly value: number;
      readonly type: "int" | "float" | "i32" | "u32" | "f32" | "bool";
    }
  | { readonly kind: "name"; readonly name: string }
  /** `type` is the type argument between < and >. */
  | {
      readonly kind: "call";
      readonly name: string;
      readonly type?: string | undefined;
      readonly args: readonly Expression[];
    }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "part"; readonly of: Expression; readonly name: string }
  | { readonly kind: "item"; readonly of: Expression; readonly index: Expression };

export type WgslStatement =
  | { readonly kind: "define"; readonly name: string; readonly type?: string | undefined; readonly value: Expression }
  | { readonly kind: "assign"; readonly name: string; readonly operator: string; readonly value: Expression }
  | { readonly kind: "if"; readonly condition: Expression; readonly accepted: WgslBlock; readonly otherwise: WgslBlock }
  | {
      readonly kind: "for";
      readonly first: WgslStatement;
      readonly condition: Expression;
      readonly next: WgslStatement;
      readonly body: WgslBlock;
    }
  | { readonly kind: "return"; readonly value: Expression };

export type WgslBlock = readonly WgslStatement[];

export interface WgslFunction {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly result: string;
  readonly body: WgslBlock;
}

/** Thrown for WGSL outside the supported subset. */
export class UnsupportedWgsl extends Error {}

const token =
  /\s+|\/\/[^\n]*|(0x[\da-fA-F]+[ui]?|(?:\d+\.\d*|\.?\d+)(?:[eE][+-]?\d+)?[uifh]?)|([A-Za-z_]\w*)|(->|\+\+|--|&&|\|\||<<=|>>=|<<|>>|[-+*/%&|^=!<>]=|[-+*/%&|^=!<>(){}[\];:,.@~])/y;

/** Binary operators by precedence, lowest first; those of one row are left-associative. */
const binaryOperators = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new UnsupportedWgsl(`no WGSL at "${text.slice(at, at + 20)}"`);
    const part = found[1] ?? found[2] ?? found[3];
    if (part !== undefined) tokens.push(part);
  }
  return tokens;
}

function literalOf(text: string): Expression {
  const isHex = text.startsWith("0x");
  const suffix = /[ui]$/.exec(text)?.[0] ?? (isHex ? undefined : /[fh]$/.exec(text)?.[0]);
  const value = Number(suffix ? text.slice(0, -1) : text);
  if (suffix === "u") return { kind: "literal", value, type: "u32" };
  if (suffix === "i") return { kind: "literal", value, type: "i32" };
  if (suffix) return { kind: "literal", value, type: "f32" };
  return { kind: "literal", value, type: isHex || /^\d+$/.test(text) ? "int" : "float" };
}

class Reader {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.tokens = tokensOf(text);
  }

  functions(): WgslFunction[] {
    const list: WgslFunction[] = [];
    while (this.at < this.tokens.length) list.push(this.function());
    return list;
  }

  private get next(): string {
    return this.tokens[this.at] ?? "the end";
  }

  private take(): string {
    return this.tokens[this.at++] ?? "the end";
  }

  private has(text: string): boolean {
    if (this.next !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    const got = this.take();
    if (got !== text) throw new UnsupportedWgsl(`expected ${text}, got ${got}`);
  }

  private name(): string {
    const name = this.take();
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new UnsupportedWgsl(`expected a name, got ${name}`);
    return name;
  }

  private function(): WgslFunction {
    this.expect("fn");
    const name = this.name();
    this.expect("(");
    const parameters: { name: string; type: string }[] = [];
    while (!this.has(")")) {
      const parameter = this.name();
      this.expect(":");
      parameters.push({ name: parameter, type: this.name() });
      this.has(",");
    }
    this.expect("->");
    return { name, parameters, result: this.name(), body: this.block() };
  }

  private block(): WgslStatement[] {
    this.expect("{");
    const list: WgslStatement[] = [];
    while (!this.has("}")) list.push(this.statement());
    return list;
  }

  private statement(): WgslStatement {
    if (this.has("if")) return this.choice();
    if (this.has("for")) return this.loop();
    const statement = this.has("return") ? ({ kind: "return", value: this.expression() } as const) : this.simple();
    this.expect(";");
    return statement;
  }

  private choice(): WgslStatement {
    const condition = this.expression();
    const accepted = this.block();
    const otherwise = this.has("else") ? (this.has("if") ? [this.choice()] : this.block()) : [];
    return { kind: "if", condition, accepted, otherwise };
  }

  private loop(): WgslStatement {
    this.expect("(");
    const first = this.simple();
    this.expect(";");
    const condition = this.expression();
    this.expect(";");
    const next = this.simple();
    this.expect(")");
    return { kind: "for", first, condition, next, body: this.block() };
  }

  /** Parses a definition, an assignment or an increment. */
  private simple(): WgslStatement {
    if (this.next === "let" || this.next === "var" || this.next === "const") {
      this.take();
      const name = this.name();
      const type = this.has(":") ? this.name() : undefined;
      this.expect("=");
      return { kind: "define", name, type, value: this.expression() };
    }
    const name = this.name();
    const operator = this.take();
    const one: Expression = { kind: "literal", value: 1, type: "int" };
    if (operator === "++" || operator === "--") return { kind: "assign", name, operator: operator[0]!, value: one };
    if (!operator.endsWith("=")) throw new UnsupportedWgsl(`expected an assignment, got ${operator}`);
    return { kind: "assign", name, operator: operator.slice(0, -1), value: this.expression() };
  }

  private expression(tightness = 0): Expression {
    const operators = binaryOperators[tightness];
    if (!operators) return this.unary();
    let left = this.expression(tightness + 1);
    while (operators.includes(this.next)) {
      const operator = this.take();
      left = { kind: "binary", operator, left, right: this.expression(tightness + 1) };
    }
    return left;
  }

  private unary(): Expression {
    if (["-", "!", "~"].includes(this.next)) return { kind: "unary", operator: this.take(), operand: this.unary() };
    let value = this.primary();
    for (;;) {
      if (this.has(".")) value = { kind: "part", of: value, name: this.name() };
      else if (this.has("[")) {
        value = { kind: "item", of: value, index: this.expression() };
        this.expect("]");
      } else return value;
    }
  }

  private primary(): Expression {
    if (this.has("(")) {
      const inside = this.expression();
      this.expect(")");
      return inside;
    }
    if (/^[.\d]/.test(this.next)) return literalOf(this.take());
    const name = this.name();
    if (name === "true" || name === "false") return { kind: "literal", value: Number(name === "true"), type: "bool" };
    let type: string | undefined;
    if (name === "bitcast") {
      this.expect("<");
      type = this.name();
      this.expect(">");
    }
    if (!this.has("(")) return { kind: "name", name };
    const args: Expression[] = [];
    while (!this.has(")")) {
      args.push(this.expression());
      this.has(",");
    }
    return { kind: "call", name, type, args };
  }
}

const known = new Map<string, readonly WgslFunction[]>();

/** Parses the functions of a text. @throws UnsupportedWgsl for WGSL outside the subset. */
export function readWgsl(text: string): readonly WgslFunction[] {
  let functions = known.get(text);
  if (!functions) known.set(text, (functions = new Reader(text).functions()));
  return functions;
}
