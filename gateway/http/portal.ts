import type { AuthorizeSelf } from '../app/self/authorize-self.ts';
import type { OwnAccess } from '../app/self/own-access.ts';
import type { ReadOwnLog } from '../app/self/own-log.ts';
import type { ReadOwnOverview } from '../app/self/own-overview.ts';
import type { OwnComputers } from '../app/self/own-computers.ts';
import type { OwnPasskeys } from '../app/self/own-passkeys.ts';
import type { OwnSessions } from '../app/self/own-sessions.ts';
import type { RecoveryDesk } from '../app/self/recovery-desk.ts';
import type { AppId } from '../domain/site/ids.ts';
import type { PreferenceStore } from '../ports/preference-store.ts';
import type { AdditionCeremonies } from '../webauthn/addition.ts';

/** People's own side, as it is composed. */
export interface Portal {
  readonly sessionTtlS: number;
  readonly authorizeSelf: AuthorizeSelf;
  readonly addition: AdditionCeremonies;
  readonly passkeys: OwnPasskeys;
  readonly sessions: OwnSessions;
  readonly computers: OwnComputers;
  readonly access: OwnAccess;
  readonly readLog: ReadOwnLog;
  readonly readOverview: ReadOwnOverview;
  readonly preferences: PreferenceStore;
  readonly recovery: RecoveryDesk;
  /** Where an app starts in a browser; null when no browser can go there. */
  readonly appUrlOf: (appId: AppId) => string | null;
}
