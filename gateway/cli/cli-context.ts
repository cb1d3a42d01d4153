import type { ImportSummary, PeopleImport } from '../app/people/import-types.ts';
import type { PeopleTable, TableOptions, TableReport } from '../app/people/import-table.ts';
import type { PinSet } from '../app/people/set-pin.ts';
import type { Config } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/environment-overrides.ts';
import type { ChainVerdict } from '../ports/audit-log.ts';
import type { DeskTools } from './desk-tools.ts';
import type { FaceTools } from './face-tools.ts';
import type { OsdpTools } from './osdp-tools.ts';
import type { Output } from './output.ts';
import type { UpstreamTools } from './upstream-tools.ts';

/** What a command does at the store itself, without a running gateway. Built by the composition root. */
export interface CliTools {
  importPeople(config: Config, people: PeopleImport): Promise<ImportSummary>;
  importTable(config: Config, table: PeopleTable, options: TableOptions): Promise<TableReport>;
  /** `key` stays the caller's, who zeroes it. @throws request.invalid everybody knows it; request.conflict another reader has it */
  writeReaderKey(config: Config, readerId: string, key: Uint8Array): Promise<void>;
  /**
   * The master key of a site's readers; `isStaged` when the site has one already, and its readers are yet to be taken to this one. `key` stays the
   * caller's. @throws request.invalid everybody knows it; request.conflict another one is staged, or it is the present one
   */
  writeMasterKey(config: Config, siteId: string, key: Uint8Array): Promise<{ readonly isStaged: boolean }>;
  /** `person` is an id or an e-mail. */
  setPin(config: Config, person: string, pins: { readonly pin: string; readonly duressPin: string | null }): Promise<PinSet>;
  auditFile(dataDir: string): string;
  verifyAudit(file: string): Promise<ChainVerdict>;
  readonly osdp: OsdpTools;
  readonly face: FaceTools;
  readonly desk: DeskTools;
  readonly upstream: UpstreamTools;
}

/** Everything outside that commands touch, so that tests can give them another world. */
export interface CliContext {
  readonly out: Output;
  readonly env: Environment;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** The whole of standard input, at most `bytesMax`; null when it is longer. */
  readonly readInput: (bytesMax: number) => Promise<string | null>;
  /** Lines of standard input as a person types them, until it ends or `signal` aborts; one longer than `INPUT_LINE_MAX` ends it. */
  readonly readLines: (signal: AbortSignal) => AsyncIterable<string>;
  /** Asks at the terminal without showing the answer; absent where standard input is none. */
  readonly askSecretly?: (question: string) => Promise<string>;
  readonly randomBytes: (lengthBytes: number) => Uint8Array;
  readonly tools: () => Promise<CliTools>;
  /** Runs the gateway with these settings until it is told to stop. */
  readonly start: (env: Environment) => Promise<void>;
  /** Of this program, as package.json has it. */
  readonly version: string;
  /** From now on Ctrl+C aborts the signal instead of ending the program. */
  readonly catchInterrupt: () => AbortSignal;
}

/** Options that stand before or after every command. */
export interface GlobalOptions {
  readonly json?: true;
  readonly config?: string;
  readonly dataDir?: string;
  readonly url?: string;
}
