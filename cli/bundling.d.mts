import type { BuildOptions } from 'esbuild';

export const commandBundling: BuildOptions & { readonly metafile: true; readonly write: false };
export const WORKER: string;
