/** The part of the npm package `webgpu` that the bench uses: Dawn for Node. Source: its README. */
export function create(options: string[]): GPU;
/** `GPUBufferUsage` and the other globals. */
export const globals: object;
