import type { RequestListener } from 'node:http';

/** A part of the gateway that answers below addresses of its own, over plain node:http. */
export interface LeanFace {
  /** Whether a request for this path and query is one of this face. */
  handles(url: string): boolean;
  readonly handle: RequestListener;
  /** Method and path of whatever it answers, as `get /path/:name`; OpenAPI describes each. Null = those of a library, which knows them. */
  readonly routes: readonly string[] | null;
}
