declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Delay of table operations in milliseconds; `path`: LevelDB's directory, default: in memory. */
  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}
