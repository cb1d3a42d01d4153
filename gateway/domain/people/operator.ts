import { DEFAULT_OPERATOR_ROLES } from '../access/policy-data.ts';
import type { Person } from './person.ts';

/** Whoever gets a passkey of theirs has an operator's power. */
export const isOperator = ({ roles }: Pick<Person, 'roles'>): boolean => roles.some((role) => Object.hasOwn(DEFAULT_OPERATOR_ROLES, role));
