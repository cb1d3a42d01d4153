import { describe, expect, it } from 'vitest';
import { findRefused, isAllowed } from '../../support/check-licences.ts';

describe('licences', () => {
  it.each(['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND LGPL-3.0-or-later', '(MIT OR CC0-1.0)'])('%s is allowed', (expression) => {
    expect(isAllowed(expression)).toBe(true);
  });

  it.each(['GPL-3.0', 'MIT AND AGPL-3.0', 'SSPL-1.0', 'UNLICENSED', '', 'SEE LICENSE IN LICENSE'])('%s is refused', (expression) => {
    expect(isAllowed(expression)).toBe(false);
  });

  it('are asked of what is shipped, and of all of it', () => {
    const packages = {
      '': { license: 'Apache-2.0' },
      'node_modules/good': { license: 'ISC' },
      'node_modules/tool': { license: 'GPL-3.0', dev: true },
      'node_modules/bad': { license: 'AGPL-3.0' },
      'node_modules/silent': {},
    };
    expect(findRefused(packages)).toEqual(['bad: AGPL-3.0', 'silent: none stated']);
  });
});
