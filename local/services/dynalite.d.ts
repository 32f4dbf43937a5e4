declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Milliseconds that tables take to become ready; `path`: where LevelDB keeps them, in memory without. */
  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}
