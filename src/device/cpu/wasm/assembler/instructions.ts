/**
 * WebAssembly instructions of compiled programs: their opcodes, and their evaluation on constants. Source: WebAssembly
 * 3.0, "Binary Format / Instructions", which includes relaxed SIMD.
 */

const floats = new Float32Array(1);
const wholes = new Int32Array(floats.buffer);

/** Returns the float32 that has these bits. */
export function floatOf(bits: number): number {
  wholes[0] = bits;
  return floats[0]!;
}

/** Returns the bits of a float32 as an int32. */
export function bitsOf(number: number): number {
  floats[0] = number;
  return wholes[0]!;
}

/** Result of an instruction in one lane, on bits. */
export type LaneFunction = (...bits: number[]) => number;

export interface Instruction {
  readonly code: number;
  /** True for opcodes after the vector prefix. */
  readonly vector: boolean;
  readonly gives: "i32" | "v128";
  /** Evaluates constants, lane by lane or as one i32. Absent if the result depends on more than the operands' lanes. */
  readonly of?: LaneFunction;
  /** True for a float32 function that returns NaN if any operand is NaN. */
  readonly keepsNaN?: boolean;
}

type Numbers = (...numbers: number[]) => number;

function whole(code: number, of: LaneFunction): Instruction {
  return { code, vector: false, gives: "i32", of };
}

function vector(code: number, of?: LaneFunction): Instruction {
  return { code, vector: true, gives: "v128", of };
}

function float(code: number, of: Numbers): Instruction {
  return { ...vector(code, (...bits) => bitsOf(of(...bits.map(floatOf)))), keepsNaN: true };
}

function mask(code: number, of: (a: number, b: number) => boolean): Instruction {
  return vector(code, (a, b) => (of(a, b) ? -1 : 0));
}

function floatMask(code: number, of: (a: number, b: number) => boolean): Instruction {
  return mask(code, (a, b) => of(floatOf(a), floatOf(b)));
}

function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
}

function held(x: number, low: number, high: number): number {
  return Number.isNaN(x) ? 0 : Math.trunc(Math.max(low, Math.min(high, x))) | 0;
}

const maxUnsigned = 2 ** 32 - 1;
/** Reinterprets an integer as unsigned. */
const plain = (bits: number) => bits >>> 0;

export const instructions = {
  // Integers: indices and addresses.
  "i32.add": whole(0x6a, (a, b) => (a + b) | 0),
  "i32.sub": whole(0x6b, (a, b) => (a - b) | 0),
  "i32.mul": whole(0x6c, (a, b) => Math.imul(a, b)),
  "i32.div_s": whole(0x6d, (a, b) => (a / b) | 0),
  "i32.div_u": whole(0x6e, (a, b) => (plain(a) / plain(b)) | 0),
  "i32.rem_s": whole(0x6f, (a, b) => (a % b) | 0),
  "i32.rem_u": whole(0x70, (a, b) => (plain(a) % plain(b)) | 0),
  "i32.and": whole(0x71, (a, b) => a & b),
  "i32.or": whole(0x72, (a, b) => a | b),
  "i32.shl": whole(0x74, (a, b) => a << b),
  "i32.shr_u": whole(0x76, (a, b) => (a >>> b) | 0),
  "i32.eqz": whole(0x45, (a) => Number(a === 0)),
  "i32.lt_u": whole(0x49, (a, b) => Number(plain(a) < plain(b))),
  "i32.load": { code: 0x28, vector: false, gives: "i32" } as Instruction,

  // Memory and lanes.
  "v128.load": vector(0x00),
  "v128.load32_splat": vector(0x09),
  "v128.load32_lane": vector(0x56),
  "v128.store": vector(0x0b),
  "v128.store32_lane": vector(0x5a),
  "v128.store64_lane": vector(0x5b),
  "v128.const": vector(0x0c),
  "i8x16.shuffle": vector(0x0d),
  "i32x4.splat": vector(0x11),
  "i32x4.extract_lane": { ...vector(0x1b), gives: "i32" } as Instruction,
  "i32x4.replace_lane": vector(0x1c),

  // Bits and masks.
  "v128.not": vector(0x4d, (a) => ~a),
  "v128.and": vector(0x4e, (a, b) => a & b),
  // NaN with more bits set is still NaN.
  "v128.or": { ...vector(0x50, (a, b) => a | b), keepsNaN: true } as Instruction,
  "v128.xor": vector(0x51, (a, b) => a ^ b),
  "v128.bitselect": vector(0x52, (a, b, which) => (a & which) | (b & ~which)),

  // Integer lanes.
  "i32x4.eq": mask(0x37, (a, b) => a === b),
  "i32x4.ne": mask(0x38, (a, b) => a !== b),
  "i32x4.lt_s": mask(0x39, (a, b) => a < b),
  "i32x4.lt_u": mask(0x3a, (a, b) => plain(a) < plain(b)),
  "i32x4.gt_s": mask(0x3b, (a, b) => a > b),
  "i32x4.gt_u": mask(0x3c, (a, b) => plain(a) > plain(b)),
  "i32x4.le_s": mask(0x3d, (a, b) => a <= b),
  "i32x4.le_u": mask(0x3e, (a, b) => plain(a) <= plain(b)),
  "i32x4.ge_s": mask(0x3f, (a, b) => a >= b),
  "i32x4.ge_u": mask(0x40, (a, b) => plain(a) >= plain(b)),
  "i32x4.abs": vector(0xa0, (a) => Math.abs(a) | 0),
  "i32x4.neg": vector(0xa1, (a) => -a | 0),
  "i32x4.add": vector(0xae, (a, b) => (a + b) | 0),
  "i32x4.sub": vector(0xb1, (a, b) => (a - b) | 0),
  "i32x4.mul": vector(0xb5, (a, b) => Math.imul(a, b)),
  "i32x4.min_s": vector(0xb6, (a, b) => Math.min(a, b)),
  "i32x4.min_u": vector(0xb7, (a, b) => Math.min(plain(a), plain(b)) | 0),
  "i32x4.max_s": vector(0xb8, (a, b) => Math.max(a, b)),
  "i32x4.max_u": vector(0xb9, (a, b) => Math.max(plain(a), plain(b)) | 0),
  // The shift distance is an i32, the same for all lanes.
  "i32x4.shl": vector(0xab, (a, by) => a << by),
  "i32x4.shr_s": vector(0xac, (a, by) => a >> by),
  "i32x4.shr_u": vector(0xad, (a, by) => (a >>> by) | 0),
  "i64x2.extmul_low_i32x4_u": vector(0xde),
  "i64x2.extmul_high_i32x4_u": vector(0xdf),

  // Float lanes.
  "f32x4.eq": floatMask(0x41, (a, b) => a === b),
  "f32x4.ne": floatMask(0x42, (a, b) => a !== b),
  "f32x4.lt": floatMask(0x43, (a, b) => a < b),
  "f32x4.gt": floatMask(0x44, (a, b) => a > b),
  "f32x4.le": floatMask(0x45, (a, b) => a <= b),
  "f32x4.ge": floatMask(0x46, (a, b) => a >= b),
  "f32x4.ceil": float(0x67, Math.ceil),
  "f32x4.floor": float(0x68, Math.floor),
  "f32x4.trunc": float(0x69, Math.trunc),
  "f32x4.nearest": float(0x6a, roundEven),
  "f32x4.abs": float(0xe0, Math.abs),
  "f32x4.neg": float(0xe1, (a) => -a),
  "f32x4.sqrt": float(0xe3, Math.sqrt),
  "f32x4.add": float(0xe4, (a, b) => a + b),
  "f32x4.sub": float(0xe5, (a, b) => a - b),
  "f32x4.mul": float(0xe6, (a, b) => a * b),
  "f32x4.div": float(0xe7, (a, b) => a / b),
  "f32x4.min": float(0xe8, Math.min),
  "f32x4.max": float(0xe9, Math.max),
  // These return a if either operand is NaN.
  "f32x4.pmin": vector(0xea, (a, b) => (floatOf(b) < floatOf(a) ? b : a)),
  "f32x4.pmax": vector(0xeb, (a, b) => (floatOf(a) < floatOf(b) ? b : a)),
  "i32x4.trunc_sat_f32x4_s": vector(0xf8, (a) => held(floatOf(a), -(2 ** 31), 2 ** 31 - 1)),
  "i32x4.trunc_sat_f32x4_u": vector(0xf9, (a) => (Math.trunc(Math.max(0, Math.min(maxUnsigned, floatOf(a)))) || 0) | 0),
  "f32x4.convert_i32x4_s": vector(0xfa, (a) => bitsOf(a)),
  "f32x4.convert_i32x4_u": vector(0xfb, (a) => bitsOf(plain(a))),
  // Whether it rounds once depends on the processor, so it is never evaluated on constants.
  "f32x4.relaxed_madd": { ...vector(0x105), keepsNaN: true } as Instruction,
  "i32x4.relaxed_laneselect": vector(0x10b, (a, b, which) => (a & which) | (b & ~which)),
} satisfies Record<string, Instruction>;

export type InstructionName = keyof typeof instructions;

/** Returns the properties of an instruction, with their common type. */
export function instruction(name: InstructionName): Instruction {
  return instructions[name];
}
