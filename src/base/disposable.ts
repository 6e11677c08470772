export interface Disposable {
  dispose(): void;
}

/**
 * Resolves to the result of `work`. If `work` rejects, disposes of `resource` first, because the owner that would have done so
 * is never created.
 */
export async function disposingOnFailure<R>(resource: Disposable, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    resource.dispose();
    throw error;
  }
}
