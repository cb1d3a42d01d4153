import { DEFAULT_OPERATOR_ROLES } from '../access/policy-data.ts';
import type { Person } from './person.ts';

/** Whoever gets a passkey of theirs has an operator's power. */
export const isOperator = ({ roles }: Pick<Person, 'roles'>): boolean => roles.some((role) => Object.hasOwn(DEFAULT_OPERATOR_ROLES, role));

/** Gives passkeys to whomever, operators too. The host is no person: its role is worth nothing to one. */
export function mayEnrolAnybody({ roles }: Pick<Person, 'roles'>): boolean {
  const byRole: Readonly<Record<string, readonly string[]>> = DEFAULT_OPERATOR_ROLES;
  return roles.some((role) => role !== 'host' && Object.hasOwn(byRole, role) && byRole[role]?.includes('person.enrol'));
}
