import type { EvalReport } from '../domain/face/eval-report.ts';

/** What commands do with face models, without a gateway. */
export interface FaceTools {
  /** Fetches, checks and makes the default pack; `folder` appears whole or not at all. Returns the pack's hash. @throws config.unreadable */
  preparePack(folder: string): Promise<string>;
  /** @throws config.unreadable the pack, or the labels, cannot be used */
  evaluate(request: { folder: string; packFolder: string; onProgress: (share01: number) => void }): Promise<EvalReport>;
  /** Makes the folder's key where there is none, and gives it to the gateway. @throws config.unreadable, enrolment.invalid */
  enrolTerminal(request: { url: string; code: string; folder: string; packFolder: string }): Promise<TerminalIdentity>;
  /** Until the signal ends it. @throws config.unreadable the folder or the pack cannot be used */
  runTerminal(request: TerminalRun): Promise<void>;
}

export interface TerminalIdentity {
  readonly deviceId: string;
  readonly readerId: string;
  readonly doorId: string;
  readonly label: string;
}

export interface TerminalRun {
  readonly folder: string;
  readonly packFolder: string;
  readonly acknowledgesLicence: boolean;
  readonly port: number;
  readonly needs: 'passive' | 'active';
  /** A command that writes JPEGs to its standard output; null = the page opens the browser's camera. */
  readonly camera: string | null;
  /** Commands for the time in which the gateway is away; null = nobody comes in then. */
  readonly alone: { readonly badges: string; readonly release: string } | null;
  /** Commands that read and write people's cards; null = nobody carries their face. */
  readonly card: { readonly read: string; readonly write: string } | null;
  readonly signal: AbortSignal;
  readonly onPage: (url: string) => void;
  readonly onEvent: (event: string) => void;
}
