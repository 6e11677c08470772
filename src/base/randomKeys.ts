/**
 * Counter-based random numbers by Philox-4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC
 * 2011). A key yields the same bits on every device: `shaders/functions/philox.wgsl` implements the same arithmetic.
 */

/** A 64-bit random key as two unsigned 32-bit words. A key fully determines the values drawn from it. */
export type Key = readonly [number, number];

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

/** Returns the high 32 bits of the 64-bit product of two unsigned 32-bit words. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Applies ten rounds to the counter `[c0, c1, c2, c3]` in place, which turns it into four words of random bits. */
export function philox(counter: Uint32Array, [k0, k1]: Key): Uint32Array {
  let key0 = k0;
  let key1 = k1;
  let c0 = counter[0]!;
  let c1 = counter[1]!;
  let c2 = counter[2]!;
  let c3 = counter[3]!;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(multiplier0, c0);
    const high1 = multiplyHigh(multiplier1, c2);
    const low0 = Math.imul(multiplier0, c0);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ key0;
    c1 = low1;
    c2 = high0 ^ c3 ^ key1;
    c3 = low0;
    key0 = (key0 + weyl0) >>> 0;
    key1 = (key1 + weyl1) >>> 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
  return counter;
}

// The counter's last word is 0 for values and one of these for derived keys, so that the two never share bits.
const forSplit = 1;
const forFold = 2;

function derive(key: Key, index: number, purpose: number): Key {
  const [a, b] = philox(Uint32Array.of(index, Math.floor(index / 2 ** 32), 0, purpose), key);
  return [a!, b!];
}

/**
 * Returns the key of a seed, which may be any whole number from 0 to $2^{53} - 1$. Pass it as `key` to a draw of
 * `random`; the same key yields the same values on every device.
 *
 * @example
 * const key = random.key(7); // => [7, 0]
 * const first = await random.uniform([2], { key }).array();
 * const second = await random.uniform([2], { key }).array();
 * first[0] === second[0]; // => true
 */
export function keyOf(seed: number): Key {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
}

/**
 * Returns `n` keys that are independent of each other and of the values drawn from `key`; `n` defaults to 2. Key `i` is
 * the same for every `n > i`.
 *
 * @example
 * const [a, b] = random.split(random.key(1));
 * const more = random.split(random.key(1), 5);
 * more.length; // => 5
 * a[0] === more[0][0] && b[0] === more[1][0]; // => true
 */
export function splitKey(key: Key, n = 2): Key[] {
  return Array.from({ length: n }, (_, index) => derive(key, index, forSplit));
}

/**
 * Derives a key from `key` and the whole number `data` (a step, an index, a hash), from 0 to $2^{32} - 1$. Unlike `random.split`, it derives any single key without those before it.
 *
 * @example
 * const key = random.key(1);
 * const step3 = random.foldIn(key, 3);
 * step3[0] === random.foldIn(key, 3)[0]; // => true
 * step3[0] === random.foldIn(key, 4)[0]; // => false
 */
export function foldIn(key: Key, data: number): Key {
  return derive(key, data >>> 0, forFold);
}

/** Returns the FNV-1a hash of a text, so that a path can be folded into a key. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Returns `size` words of random bits: word i is word i % 4 of counter floor(i / 4). */
export function randomBits(key: Key, size: number): Uint32Array {
  const bits = new Uint32Array(size);
  const counter = new Uint32Array(4);
  for (let i = 0; i < size; i += 4) {
    counter.fill(0);
    counter[0] = i / 4;
    philox(counter, key);
    for (let word = 0; word < 4 && i + word < size; word++) bits[i + word] = counter[word]!;
  }
  return bits;
}

/** Factor that turns 24 random bits into a number in [0, 1), exactly in float32. */
export const unit24 = 2 ** -24;

/** Maps a random word to a whole number in [0, size) by multiplication. The bias is below size / 2^32. */
export function boundedInteger(word: number, size: number): number {
  return multiplyHigh(word, size);
}

/** Returns a permutation of 0..n-1, drawn from `key` by the Fisher-Yates shuffle. */
export function permutation(key: Key, n: number): Int32Array {
  const bits = randomBits(key, n);
  const order = Int32Array.from({ length: n }, (_, index) => index);
  for (let i = n - 1; i > 0; i--) {
    const j = boundedInteger(bits[i]!, i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

/** Sequence of keys for draws without an explicit key; `setSeed` restarts it. */
export class Stream {
  private count = 0;
  constructor(private root: Key) {}

  next(): Key {
    return this.keyAt(this.count++);
  }

  /** Number of keys drawn since the last restart. */
  get drawn(): number {
    return this.count;
  }

  /** Returns key number `place`, counted from 0. */
  keyAt(place: number): Key {
    return foldIn(this.root, place);
  }

  /** Skips keys as if they had been drawn. */
  skip(keys: number): void {
    this.count += keys;
  }

  restart(seed: number): void {
    this.root = keyOf(seed);
    this.count = 0;
  }

  /** Runs `fn` and then restores the state, so that the next draws receive the same keys as those in `fn`. */
  rehearse<R>(fn: () => R): R {
    const { root, count } = this;
    try {
      return fn();
    } finally {
      this.root = root;
      this.count = count;
    }
  }

  /** Returns a function that restores the current state, for draws that must leave no trace. */
  mark(): () => void {
    const { root, count } = this;
    return () => {
      this.root = root;
      this.count = count;
    };
  }

  /** The stream's root key, which the paths of weights are folded into. */
  get key(): Key {
    return this.root;
  }
}
