/** Highest ratio that deflate can reach: one bit for a length and one for a distance produce 258 bytes. */
export const maxDeflateRatio = 1032;

/**
 * Smallest chunk that is passed to the decompressor. A browser inflates a whole chunk before it emits any output, so
 * chunks of this size stop a decompression bomb after a few MB. Larger chunks are faster, and `inflate` uses them only
 * where a chunk cannot inflate beyond the limit.
 */
const minChunkBytes = 4096;

/** Thrown by `inflate` when the output would be longer than the caller allows. */
export class InflateLimitError extends RangeError {}

export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = streamOf(bytes, minChunkBytes).pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Inflates raw deflate or gzip (whose checksum is verified), and stops as soon as the output exceeds `limit` bytes,
 * which bounds the cost of a decompression bomb.
 * @throws InflateLimitError if the output exceeds `limit`.
 * @throws the decompression stream's error if the input is malformed or truncated.
 */
export async function inflate(
  bytes: Uint8Array,
  limit: number,
  format: "deflate-raw" | "gzip" = "deflate-raw",
): Promise<Uint8Array<ArrayBuffer>> {
  const pieceBytes = Math.max(minChunkBytes, Math.floor(limit / maxDeflateRatio));
  const reader = streamOf(bytes, pieceBytes).pipeThrough(new DecompressionStream(format)).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new InflateLimitError(`The data inflates to more than ${limit} bytes.`);
    }
    chunks.push(value);
  }
  const result = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}

function streamOf(bytes: Uint8Array, pieceBytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += pieceBytes)));
    },
  });
}
