import type { z } from 'zod';

/**
 * Who calls: an operator with a session of the console or a bearer token; a person in their own pages; a device with its key; a program by
 * the credential of its face; a proxy, by its address and with the browser's cookie; or nobody that is known yet.
 */
export type Caller =
  'operator' | 'person' | 'device' | 'oauth_client' | 'token_holder' | 'registration' | 'directory' | 'radius_server' | 'proxy' | 'nobody';

export interface Answer {
  readonly description: string;
  /** Absent = no body. `oauth_error`: RFC 6749 5.2; `scim`: application/scim+json. */
  readonly body?: z.ZodType | 'json' | 'jwk_set' | 'oauth_error' | 'page' | 'scim' | 'text';
  readonly headers?: readonly string[];
}

/** By status. */
export type Answers = Readonly<Record<number, Answer>>;

export interface HeaderParameter {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

export interface OperationParts {
  /** `operator` if absent. */
  readonly caller?: Caller;
  /** What the summary has no room for. */
  readonly description?: string;
  readonly headers?: readonly HeaderParameter[];
  /** Longest parameter of the path, characters; 128 if absent. */
  readonly pathCharsMax?: number;
  /** `file` = the bytes of a file; `form` = a form of the standard that the summary names; `json` = JSON of that standard. */
  readonly body?: z.ZodType | 'file' | 'form' | 'json' | 'scim';
  /** A schema, or the names of what a route reads for itself. */
  readonly query?: z.ZodObject | readonly string[];
  /**
   * `events` = Server-Sent Events; `redirect` = the browser goes on; `page` = HTML; `json` and `nothing` speak for themselves; `byStatus` = these
   * and the failures of all.
   */
  readonly answer: z.ZodType | 'events' | 'redirect' | 'page' | 'json' | 'nothing' | { readonly byStatus: Answers };
}

/** Method and path as the router has them, what it is for, and what goes in and out. */
export type Operation = readonly [route: string, summary: string, parts: OperationParts];

/** Operations of one subject, below one path. */
export interface Operations {
  readonly tag: string;
  readonly base: string;
  /** Of each of them, beside its own answers. */
  readonly failures?: Answers;
  readonly operations: readonly Operation[];
}
