import type { DestroyableKeys } from '../secure-channel/session-keys.ts';
import type { Security } from './in-flight.ts';
import type { SessionEffect } from './transition.ts';

export function forgetKeys(security: Security): SessionEffect[] {
  const keys = keysOf(security);
  return keys === null ? [] : [{ kind: 'forget_keys', keys }];
}

function keysOf(security: Security): DestroyableKeys | null {
  switch (security.name) {
    case 'none':
      return null;
    case 'challenged':
      return security.secret;
    case 'proving':
      return security.agreement.keys;
    case 'open':
      return security.channel.keys;
  }
}
