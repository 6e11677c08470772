/** What the bench uses of the npm package `webgpu`: Dawn for Node. Source: its README. */
export function create(options: string[]): GPU;
/** GPUBufferUsage and the like. */
export const globals: object;
