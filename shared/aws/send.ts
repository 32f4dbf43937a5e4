import type { RawDefinition } from '../domain/revision.ts';

/** Endpoint, region and credentials; everything else is the SDK's default. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Calls an operation of one service. */
export type Send = (operation: string, input: RawDefinition) => Promise<RawDefinition>;
