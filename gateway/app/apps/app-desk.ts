import type { Decision } from '../../domain/access/decision.ts';
import { ADDED_APPS_MAX, addedAppSchema, hasSecret, type AddedApp, type AppDraft } from '../../domain/apps/added-app.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { FieldProblem } from '../../domain/field-problem.ts';
import type { AppId, DecisionId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { AppStore } from '../../ports/app-store.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { AuthorizeOperator } from '../access/types.ts';
import { createTurns } from '../directory/turns.ts';
import type { PolicyDataDesk } from '../policy-data/types.ts';
import type { AddedApps } from './added-apps.ts';
import { createAppSecret, withNewSecret } from './app-secret.ts';
import { findAppProblems, type ProblemDeps } from './app-problems.ts';
import { isNamed, takeAppOut } from './named-by-data.ts';
import { changeOfApp, type AppChange } from './record-change.ts';
import type { AppCommand, AppDesk, AppRefusal, AppResult } from './types.ts';

export interface AppDeskDeps extends ProblemDeps {
  readonly store: AppStore;
  readonly apps: AddedApps;
  readonly policyData: Pick<PolicyDataDesk, 'current' | 'change'>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Lets every thread that decides know the apps of now, and waits for each. @throws store.unavailable */
  readonly apply: () => Promise<void>;
  /** Ends sessions and tokens of a client whose logins are denied already. */
  readonly endClient: (clientId: string, cause: string) => Promise<void>;
  /** Removes clients that have registered themselves for an app. */
  readonly removeRegistered: (appId: AppId, by: { readonly operatorId: string; readonly decisionId: DecisionId }) => Promise<void>;
}

/** Random characters of a client id: an app of the same name later is not taken for this one by what the first has left behind. */
const CLIENT_ID_CHARS = 10;
const APP_CAUSES = { disabled: 'app_disabled', removed: 'app_removed' } as const;

/** One change at a time; the store refuses what another process was faster with. */
export function createAppDesk(deps: AppDeskDeps): AppDesk {
  return new StoredAppDesk(deps);
}

type Permitted = { readonly ok: true; readonly decisionId: DecisionId };
type Found = { readonly ok: true; readonly app: AddedApp };

class StoredAppDesk implements AppDesk {
  readonly #deps: AppDeskDeps;
  readonly #inTurn = createTurns();

  constructor(deps: AppDeskDeps) {
    this.#deps = deps;
  }

  check(draft: AppDraft): Promise<readonly FieldProblem[]> {
    return this.#problems(draft, this.#toApp(draft, 'check'), true);
  }

  add(command: Parameters<AppDesk['add']>[0]): ReturnType<AppDesk['add']> {
    return this.#inTurn(async () => {
      const { clock, random, store } = this.#deps;
      const { draft } = command;
      const nowMs = clock.nowMs();
      const made = hasSecret(draft.kind) ? createAppSecret(random, nowMs) : null;
      const clientId = `${draft.id}-${random.id('c').slice(-CLIENT_ID_CHARS)}`;
      const app: AddedApp = { ...this.#toApp(draft, clientId), secrets: made === null ? [] : [made.kept] };
      if ((await store.list()).length >= ADDED_APPS_MAX) return { ok: false, code: 'app.too_many' };
      const problems = await this.#problems(draft, app, true);
      if (problems.length > 0) return { ok: false, code: 'app.invalid', problems };
      const permitted = await this.#decide(app.id, command);
      if (!permitted.ok) return permitted;
      await this.#record(permitted, command, { before: null, after: app });
      await store.add(app);
      await this.#deps.apply();
      return { ok: true, app, secret: made?.secret ?? null };
    });
  }

  change(command: Parameters<AppDesk['change']>[0]): ReturnType<AppDesk['change']> {
    return this.#inTurn(async () => {
      const found = this.#find(command.id);
      if (!found.ok) return found;
      const { app } = found;
      if (app.version !== command.version) return { ok: false, code: 'app.changed_meanwhile' };
      // Whoever holds a grant to the app of this id holds one to this app and no other.
      const draft: AppDraft = { ...command.draft, id: app.id, kind: app.kind };
      const next = this.#nextOf(app, draft);
      const problems = await this.#problems(draft, next, false);
      if (problems.length > 0) return { ok: false, code: 'app.invalid', problems };
      return this.#replace(app, next, command);
    });
  }

  rotateSecret(command: Parameters<AppDesk['rotateSecret']>[0]): ReturnType<AppDesk['rotateSecret']> {
    return this.#inTurn(async () => {
      const found = this.#find(command.id);
      if (!found.ok) return found;
      const { app } = found;
      if (!hasSecret(app.kind)) return { ok: false, code: 'app.no_secret' };
      const nowMs = this.#deps.clock.nowMs();
      const { kept, secret } = createAppSecret(this.#deps.random, nowMs);
      const secrets = withNewSecret(app.secrets, kept, nowMs + command.keepOldS * 1_000);
      const replaced = await this.#replace(app, this.#nextOf(app, { secrets }), command);
      return replaced.ok ? { ...replaced, secret } : replaced;
    });
  }

  disable(command: Parameters<AppDesk['disable']>[0]): ReturnType<AppDesk['disable']> {
    return this.#inTurn(async () => {
      const found = this.#find(command.id);
      if (!found.ok) return found;
      try {
        return await this.#replace(found.app, this.#nextOf(found.app, { isEnabled: false }), command);
      } finally {
        // Stored, and not in force on every thread yet: whoever is signed in is signed out all the same.
        if (this.#deps.apps.find(command.id)?.isEnabled === false) await this.#deps.endClient(found.app.clientId, APP_CAUSES.disabled);
      }
    });
  }

  enable(command: Parameters<AppDesk['enable']>[0]): ReturnType<AppDesk['enable']> {
    return this.#inTurn(async () => {
      const found = this.#find(command.id);
      if (!found.ok) return found;
      const next = this.#nextOf(found.app, { isEnabled: true });
      // Sites, APIs and other websites may have changed since it was switched off.
      const problems = await this.#problems(next, next, false);
      if (problems.length > 0) return { ok: false, code: 'app.invalid', problems };
      return this.#replace(found.app, next, command);
    });
  }

  remove(command: Parameters<AppDesk['remove']>[0]): ReturnType<AppDesk['remove']> {
    return this.#inTurn(async () => {
      const found = this.#find(command.id);
      if (!found.ok) return found;
      const { app } = found;
      const { document, version } = await this.#deps.policyData.current();
      const taken = takeAppOut(document, app.id);
      if (!taken.ok) return { ok: false, code: 'app.still_named' };
      const permitted = await this.#decide(app.id, command);
      if (!permitted.ok) return permitted;
      await this.#record(permitted, command, { before: app, after: null });
      // Unknown first: what is ended below would else begin again.
      const closed = this.#nextOf(app, { isEnabled: false });
      if (!(await this.#deps.store.replace(closed))) return { ok: false, code: 'app.changed_meanwhile' };
      try {
        await this.#deps.apply();
      } finally {
        await this.#deps.endClient(app.clientId, APP_CAUSES.removed);
      }
      const { operator, reason } = command;
      await this.#deps.removeRegistered(app.id, { operatorId: operator.id, decisionId: permitted.decisionId });
      if (taken.changes.length > 0) {
        const changed = await this.#deps.policyData.change({ baseVersion: version, changes: taken.changes, operator, reason });
        // It stays switched off: nobody gets in, and the next attempt takes it out.
        if (!changed.ok) return changed.code === 'request.forbidden' ? changed : { ok: false, code: 'app.changed_meanwhile' };
      }
      await this.#deps.store.remove(app.id);
      await this.#deps.apply();
      return { ok: true };
    });
  }

  #toApp(draft: AppDraft, clientId: string): AddedApp {
    const nowMs = this.#deps.clock.nowMs();
    // The draft has passed its schema.
    const id = draft.id as AppId;
    return { ...draft, id, clientId, secrets: [], isEnabled: true, createdAtMs: nowMs, changedAtMs: nowMs, version: 1 };
  }

  #nextOf(app: AddedApp, by: Partial<Omit<AddedApp, 'id' | 'clientId'>> | AppDraft): AddedApp {
    const { clientId, id, version } = app;
    return { ...app, ...by, id, clientId, changedAtMs: this.#deps.clock.nowMs(), version: version + 1 };
  }

  #find(id: AppId): Found | AppRefusal {
    const app = this.#deps.apps.find(id);
    if (app !== undefined) return { ok: true, app };
    return { ok: false, code: this.#deps.sites.app(id) === undefined ? 'app.unknown' : 'app.of_file' };
  }

  async #problems(draft: AppDraft, app: AddedApp, isNew: boolean): Promise<readonly FieldProblem[]> {
    const { document } = await this.#deps.policyData.current();
    const problems = findAppProblems(this.#deps, draft, { isNew, isNamed: isNamed(document, draft.id) });
    if (problems.length > 0) return problems;
    const refusal = await this.#deps.checkClient(app);
    return refusal === null ? [] : [{ path: 'redirectUris', message: refusal }];
  }

  async #decide(id: AppId, { operator, reason }: AppCommand): Promise<Permitted | AppRefusal> {
    const target = { type: 'app', id } as const;
    const decision: Decision = await this.#deps.authorizeOperator({
      action: 'app.manage',
      operator,
      target,
      reason,
      firstOperatorId: null,
    });
    return decision.effect === 'deny' ? { ok: false, code: 'request.forbidden', deny: decision } : { ok: true, decisionId: decision.id };
  }

  /** Before the act: what cannot be recorded does not happen. @throws audit.unavailable */
  async #record({ decisionId }: Permitted, { operator }: AppCommand, change: AppChange): Promise<void> {
    const { audit, clock } = this.#deps;
    await audit.append(changeOfApp(change, { operatorId: operator.id, decisionId, nowMs: clock.nowMs() }));
  }

  async #replace(before: AddedApp, after: AddedApp, command: AppCommand): Promise<AppResult<{ readonly app: AddedApp }>> {
    if (!tryParse(addedAppSchema, after).success) throw new GatewayError('internal.failure', 'The app would not be readable again.');
    const permitted = await this.#decide(before.id, command);
    if (!permitted.ok) return permitted;
    await this.#record(permitted, command, { before, after });
    if (!(await this.#deps.store.replace(after))) return { ok: false, code: 'app.changed_meanwhile' };
    await this.#deps.apply();
    return { ok: true, app: after };
  }
}
