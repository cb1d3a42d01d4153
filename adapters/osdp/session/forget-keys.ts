import type { Security } from './in-flight.ts';
import type { SessionEffect } from './transition.ts';

export function forgetKeys(security: Security): SessionEffect[] {
  if (security.name === 'none') return [];
  return [{ kind: 'forget_keys', keys: security.name === 'open' ? security.channel.keys : security.keys }];
}
