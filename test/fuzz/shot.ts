import type { HttpRequest } from '../../local/front/http.ts';

/** A request, and what may be asked of its answer. */
export interface Shot {
  readonly kind: string;
  readonly request: HttpRequest;
  /** What is called, if it is an operation that the models know. */
  readonly target?: { readonly service: string; readonly operation: string };
  /** The request fits the model: an answer that succeeds has to fit too. */
  readonly fits?: boolean;
  /** Goes through a socket: the front's limits are what is tried. */
  readonly socket?: boolean;
  /** Nothing may succeed. */
  readonly refused?: boolean;
}

export interface Target {
  readonly service: string;
  readonly operation: string;
}
