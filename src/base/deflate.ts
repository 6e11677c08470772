/** One length and one distance in a bit each give 258 bytes: deflate cannot do better. */
export const maxDeflateRatio = 1032;

/**
 * A browser unpacks a whole piece before it hands anything on. With pieces this
 * small a bomb is stopped after a few MB; larger ones, which are faster, never
 * unpack to more than is allowed anyway.
 */
const minPieceBytes = 4096;

/** Thrown by `inflate` when the output would be longer than the caller allows. */
export class InflateLimitError extends RangeError {}

export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = streamOf(bytes, minPieceBytes).pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Inflates raw deflate, or gzip with its checksum, and stops as soon as more than
 * `limit` bytes have come out: a bomb costs no more than that.
 *
 * @throws InflateLimitError, or the stream's own error for a malformed or cut input.
 */
export async function inflate(
  bytes: Uint8Array,
  limit: number,
  format: "deflate-raw" | "gzip" = "deflate-raw",
): Promise<Uint8Array<ArrayBuffer>> {
  const pieceBytes = Math.max(minPieceBytes, Math.floor(limit / maxDeflateRatio));
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
