/** RFC 7644 3.12. */
export type ScimType =
  'invalidFilter' | 'tooMany' | 'uniqueness' | 'mutability' | 'invalidSyntax' | 'invalidPath' | 'noTarget' | 'invalidValue' | 'invalidVers';

export interface ScimReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Thrown inside this face only, and answered where the request came in. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | null;

  constructor(status: number, scimType: ScimType | null, detail: string) {
    super(detail);
    this.name = 'ScimError';
    this.status = status;
    this.scimType = scimType;
  }
}

export function toErrorReply({ message, scimType, status }: Pick<ScimError, 'message' | 'scimType' | 'status'>): ScimReply {
  const type = scimType === null ? {} : { scimType };
  return { status, body: { schemas: [ERROR_SCHEMA], status: String(status), ...type, detail: message } };
}

export const unknownResource = (id: string): ScimError => new ScimError(404, null, `There is no resource ${id.slice(0, 128)}.`);
