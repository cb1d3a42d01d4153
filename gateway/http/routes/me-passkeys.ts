import type { Router } from 'express';
import type { Passkey } from '../../domain/people/person.ts';
import type { CredentialId } from '../../domain/site/ids.ts';
import { emptySchema } from '../contract/common.ts';
import {
  addPasskeySchema,
  passkeySchema,
  passkeysSchema,
  PASSKEYS_MAX,
  registrationOptionsSchema,
  removedSchema,
  removePasskeySchema,
  renamePasskeySchema,
  type PasskeyView,
} from '../contract/me.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { OwnCaller } from '../own-callers.ts';
import type { MeDeps } from './me-deps.ts';
import { toClosedView } from './me-sessions.ts';

/** WebAuthn 5.8.4: how the browser reached it. Nothing that decides; people tell their passkeys apart by it. */
function kindOf(transports: readonly string[]): PasskeyView['kind'] {
  if (transports.includes('internal')) return 'device';
  if (transports.some((transport) => ['usb', 'nfc', 'ble', 'smart-card'].includes(transport))) return 'security_key';
  return transports.includes('hybrid') ? 'phone' : 'unknown';
}

interface Shown {
  readonly passkey: Passkey;
  readonly isLastWayIn: boolean;
  readonly addedWithIt?: readonly Passkey[] | undefined;
}

function toView({ session }: OwnCaller, { passkey, isLastWayIn, addedWithIt = [] }: Shown): PasskeyView {
  const { id, label: name, transports, backedUp, createdAtMs, lastUsedAtMs } = passkey;
  const notRemovable = isLastWayIn ? 'passkey.last_way_in' : null;
  const facts = { id, name, kind: kindOf(transports), backedUp, createdAtMs, lastUsedAtMs, current: id === session.credentialId };
  // The one of this session stays, however it was added.
  const going = addedWithIt.flatMap((one) => (one.id === session.credentialId ? [] : [one.id]));
  return { ...facts, notRemovable, addedWithIt: going };
}

// Identifiers are branded where they enter: here, from the path.
const credentialIdOf = (id: string): CredentialId => id as CredentialId;

/** People's passkeys. Every change is decided with a passkey used just now, and recorded. */
export function registerMePasskeyRoutes(router: Router, deps: MeDeps): void {
  const { addition, passkeys: own } = deps.portal;

  router.get('/me/passkeys', async (request, response) => {
    const caller = await deps.ownCallers.require(request);
    const { addedWith, passkeys, recovery } = await own.list(caller.personId);
    const isLastWayIn = passkeys.length === 1 && !recovery.registered;
    respond(response, passkeysSchema, {
      passkeys: passkeys.map((passkey) => toView(caller, { passkey, isLastWayIn, addedWithIt: addedWith.get(passkey.id) })),
      passkeysMax: PASSKEYS_MAX,
      recovery: { ...recovery, places: recovery.places.map(({ reader, site }) => ({ reader, site })) },
    });
  });

  router.post('/me/passkeys/options', async (request, response) => {
    parseBody(emptySchema, request);
    const { personId, session } = await deps.ownCallers.authorize(request, 'self.change');
    const { ceremonyId, options } = await addition.begin({ personId, sessionId: session.id });
    respond(response, registrationOptionsSchema, { ceremonyId, options: { ...options } });
  });

  router.post('/me/passkeys', async (request, response) => {
    const caller = await deps.ownCallers.require(request);
    const { ceremonyId, response: attestation, name } = parseBody(addPasskeySchema, request);
    const { personId, session } = caller;
    const passkey = await deps.rateLimits.countFailure('failedEnrolment', request, () =>
      addition.finish({
        personId,
        sessionId: session.id,
        addedWith: session.credentialId,
        ceremonyId,
        response: attestation,
        label: name ?? null,
      }),
    );
    respond(response, passkeySchema, toView(caller, { passkey, isLastWayIn: false }), 201);
  });

  router.patch('/me/passkeys/:id', async (request, response) => {
    const { name } = parseBody(renamePasskeySchema, request);
    const id = credentialIdOf(parseId(request));
    const caller = await deps.ownCallers.authorize(request, 'self.change');
    const passkey = await own.rename(caller.personId, id, name);
    const { addedWith, passkeys, recovery } = await own.list(caller.personId);
    const isLastWayIn = passkeys.length === 1 && !recovery.registered;
    respond(response, passkeySchema, toView(caller, { passkey, isLastWayIn, addedWithIt: addedWith.get(passkey.id) }));
  });

  router.post('/me/passkeys/:id/remove', async (request, response) => {
    const { because, keep } = parseBody(removePasskeySchema, request);
    const id = credentialIdOf(parseId(request));
    const { personId, session } = await deps.ownCallers.authorize(request, 'self.change');
    respond(response, removedSchema, {
      closed: toClosedView(await own.remove({ personId, id, because, keep: keep.map(credentialIdOf), session })),
    });
  });
}
