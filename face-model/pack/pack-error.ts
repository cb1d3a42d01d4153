export type PackErrorCode =
  /** The folder or a file of it is not there. */
  | 'pack.missing'
  | 'pack.manifest_invalid'
  /** A file is not the one of the manifest. */
  | 'pack.file_changed'
  /** Inputs or outputs are not those of its role, or the self-test gives other numbers. */
  | 'pack.model_unfit'
  /** A package could not be had, or is not the pinned one. */
  | 'pack.source_unavailable'
  | 'pack.source_changed'
  /** The pack may not be used commercially, and nobody has said that this is known. */
  | 'pack.licence_unacknowledged';

/** Why a pack of face models is not used. `subject` names the file, field or package. */
export class PackError extends Error {
  readonly code: PackErrorCode;
  readonly subject: string;

  constructor(code: PackErrorCode, subject: string, options?: { readonly cause?: unknown }) {
    super(`${code}: ${subject}`, options);
    this.name = 'PackError';
    this.code = code;
    this.subject = subject;
  }
}
