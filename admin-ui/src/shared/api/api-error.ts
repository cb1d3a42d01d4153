/** Why a call gave no usable answer. `status` 0: the gateway was not reached or its answer was not understood. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly decisionId: string | undefined;
  readonly field: string | undefined;

  constructor(facts: { status: number; code: string; message: string; decisionId?: string | undefined; field?: string | undefined }) {
    super(facts.message);
    this.name = 'ApiError';
    this.status = facts.status;
    this.code = facts.code;
    this.decisionId = facts.decisionId;
    this.field = facts.field;
  }
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({
    status: 0,
    code: 'client.unexpected',
    message: error instanceof Error ? error.message : 'Something unexpected happened.',
  });
}
