/** What a shadow run has found at one enforcement point. */
export interface ShadowReport {
  readonly compared: number;
  readonly differences: number;
  readonly failures: number;
  readonly dropped: number;
}

/** A thread that decides, as the life of a policy sees it. Revisions are named by their id in the store. */
export interface PolicyPoint {
  /**
   * Loads a revision, verifies hashes and signature, compiles it and gives it the data of now. Nothing that decides changes.
   * @throws policy.artifact_mismatch it is not what was signed; policy.load_failed; store.unavailable the point does not answer
   */
  prepare(revisionId: string): Promise<void>;
  /** Decides by the prepared revision from here on. @throws policy.load_failed it was not prepared; store.unavailable */
  swap(revisionId: string): Promise<void>;
  /** Also asks this revision, off the path of decisions; null ends that. @throws as `prepare` */
  shadow(revisionId: string | null): Promise<void>;
  /** Of the shadow run that goes on, or of the last one. @throws store.unavailable */
  shadowReport(): Promise<ShadowReport>;
}
