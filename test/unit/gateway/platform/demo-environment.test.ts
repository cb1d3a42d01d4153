import { describe, expect, it } from 'vitest';
import { assertDemoEnvironment, demoPort } from '#gateway/platform/demo-environment.ts';

describe('the environment of the demo site', () => {
  it('takes its port, its folder, its log level, and what other programs read', () => {
    const env = {
      GATEHOUSE_LISTEN_PORT: '9000',
      GATEHOUSE_DATA_DIR: '/tmp/x',
      GATEHOUSE_LOG_LEVEL: 'warn',
      GATEHOUSE_URL: 'https://gatehouse.example',
      GATEHOUSE_SERVICE_HOST: '10.0.0.1',
      GATEHOUSE_PUBLIC_URL: '',
      PATH: '/bin',
    };
    expect(() => assertDemoEnvironment(env)).not.toThrow();
  });

  it.each([
    'GATEHOUSE_PUBLIC_URL',
    'GATEHOUSE_LISTEN_HOST',
    'GATEHOUSE_TRUSTED_PROXIES',
    'GATEHOUSE_OIDC_SESSION_TTL_S',
    'GATEHOUSE_PUBLIK',
  ])('is refused by name with %s', (name) => {
    expect(() => assertDemoEnvironment({ [name]: 'x' })).toThrow(
      expect.objectContaining({ code: 'config.invalid', publicMessage: expect.stringContaining(name) as string }) as Error,
    );
  });
});

describe('the port of the demo site', () => {
  it.each([
    [8_080, {}],
    [8_080, { GATEHOUSE_LISTEN_PORT: '' }],
    [9_000, { GATEHOUSE_LISTEN_PORT: '9000' }],
    [1, { GATEHOUSE_LISTEN_PORT: '1' }],
    [65_535, { GATEHOUSE_LISTEN_PORT: '65535' }],
  ])('is %d with %j', (port, env) => {
    expect(demoPort(env)).toBe(port);
  });

  it.each(['many', '0', '65536', '-1', '80.5', ' 80'])('is refused by the name of its variable with %j', (given) => {
    expect(() => demoPort({ GATEHOUSE_LISTEN_PORT: given })).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        publicMessage: expect.stringMatching(/^GATEHOUSE_LISTEN_PORT: /) as string,
      }) as Error,
    );
  });
});
