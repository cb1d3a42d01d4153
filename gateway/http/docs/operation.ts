import type { z } from 'zod';

/**
 * Who calls: an operator with a session of the console or a bearer token; a person in their own pages; a device with its key; a client of
 * a face with the face's own credential; or nobody that is known yet.
 */
export type Caller = 'operator' | 'person' | 'device' | 'client' | 'nobody';

export interface OperationParts {
  /** `operator` if absent. */
  readonly caller?: Caller;
  /** `file` = the bytes of a file; `form` = a form of the standard that the summary names; `json` = JSON of that standard. */
  readonly body?: z.ZodType | 'file' | 'form' | 'json';
  /** A schema, or the names of what a route reads for itself. */
  readonly query?: z.ZodObject | readonly string[];
  /** `events` = Server-Sent Events; `redirect` = the browser goes on; `page` = HTML; `json` and `nothing` speak for themselves. */
  readonly answer: z.ZodType | 'events' | 'redirect' | 'page' | 'json' | 'nothing';
}

/** Method and path as the router has them, what it is for, and what goes in and out. */
export type Operation = readonly [route: string, summary: string, parts: OperationParts];

/** Operations of one subject, below one path. */
export interface Operations {
  readonly tag: string;
  readonly base: string;
  readonly operations: readonly Operation[];
}
