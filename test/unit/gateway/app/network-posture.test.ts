import { describe, expect, it } from 'vitest';
import { createNetworkPosture } from '#gateway/app/access/network-posture.ts';

const networks = [
  { name: 'hq-lan', cidr: '10.1.0.0/16', zone: 'site', siteId: 'hq' },
  { name: 'vpn', cidr: '10.9.0.0/24', zone: 'vpn_egress', siteId: null },
  { name: 'hq-v6', cidr: '2001:db8:1::/48', zone: 'site', siteId: 'hq' },
] as const;

describe('network posture', () => {
  const posture = createNetworkPosture(networks);

  it.each([
    ['10.1.0.0', 'site', 'hq-lan'],
    ['10.1.255.255', 'site', 'hq-lan'],
    ['::ffff:10.1.2.3', 'site', 'hq-lan'],
    ['2001:db8:1:ffff::1', 'site', 'hq-v6'],
    ['10.9.0.255', 'vpn_egress', 'vpn'],
    ['10.2.0.0', 'elsewhere', ''],
    ['10.9.1.0', 'elsewhere', ''],
    ['2001:db8:2::1', 'elsewhere', ''],
  ])('maps %s to %s', (ip, zone, name) => {
    expect(posture(ip)).toMatchObject({ known: true, zone, name });
  });

  it.each([null, '', 'localhost', '10.1.0', '10.1.0.0/16'])('knows nothing of %j', (ip) => {
    expect(posture(ip)).toMatchObject({ known: false, zone: 'none' });
  });

  it('refuses a network that is no CIDR', () => {
    expect(() => createNetworkPosture([{ name: 'x', cidr: 'lan', zone: 'site', siteId: null }])).toThrow(TypeError);
  });
});
