export interface Disposable {
  dispose(): void;
}

/**
 * Resolves to the result of `work`. If `work` rejects, `resource` is disposed of first: its owner, who would have disposed of
 * it later, does not come into being.
 */
export async function disposingOnFailure<R>(resource: Disposable, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    resource.dispose();
    throw error;
  }
}
