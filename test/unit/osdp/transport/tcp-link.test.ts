import { describe, expect, it } from 'vitest';
import { createTcpLink } from '#adapters/osdp/transport/tcp-link.ts';

describe('a TLS line', () => {
  it('is refused when the file of its authority cannot be read: nothing is ever believed instead', () => {
    expect(() => createTcpLink({ host: '127.0.0.1', port: 1, tls: { caFile: '/nonexistent/ca.pem' } })).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
  });
});
