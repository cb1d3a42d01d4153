/*
 * The people of the demo site, in the shape of an import file. Badges are 26-bit (H10301) and 37-bit (H10302, H10304).
 * Nobody has a passkey: the first administrator enrols through a one-time link.
 */
export const DEMO_PEOPLE_FILE = {
  people: [
    person('usr_ada', 'Ada Okafor', { roles: ['staff', 'security_admin'], clearance: 5, badge: bits26('1001') }),
    person('usr_grace', 'Grace Lindqvist', { roles: ['staff', 'security_admin'], clearance: 5, badge: bits26('1002') }),
    person('usr_milo', 'Milo Brandt', { roles: ['staff', 'guard'], clearance: 3, badge: bits26('1003') }),
    person('usr_nina', 'Nina Costa', {
      roles: ['staff'],
      groups: ['operations'],
      clearance: 4,
      badge: { format: 'H10304', facility: 400, number: '2001' },
    }),
    person('usr_tess', 'Tess Moreau', {
      roles: ['staff'],
      groups: ['finance'],
      clearance: 2,
      badge: { format: 'H10302', number: '9000012345' },
    }),
    person('usr_liam', 'Liam Byrne', { roles: ['staff'], groups: ['laboratory'], clearance: 3, badge: bits26('1006') }),
    person('usr_vera', 'Vera Novak', { roles: ['staff'], clearance: 2, badge: bits26('1007'), accessibility: true }),
    person('usr_omar', 'Omar Haddad', { roles: ['contractor'], clearance: 1, badge: bits26('1008') }),
  ],
  profiles: [
    {
      id: 'everyday',
      name: 'Everyday work',
      resources: ['door:hq-main', 'door:hq-offices', 'door:lis-main', 'app:wiki', 'vpn_realm:corporate-vpn'],
    },
    { id: 'server-operations', name: 'Server operations', resources: ['door:hq-server', 'app:server-console'] },
    { id: 'finance', name: 'Finance', resources: ['app:payroll'] },
    { id: 'laboratory', name: 'Laboratory', resources: ['door:lis-clean'] },
    { id: 'deliveries', name: 'Deliveries', resources: ['door:hq-dock', 'app:wiki'] },
  ],
  grants: [
    { id: 'grt_everyday', profile: 'everyday', holder: 'role:staff', schedule: 'always', reason: 'Part of every employment' },
    { id: 'grt_servers', profile: 'server-operations', holder: 'group:operations', schedule: 'always', reason: 'Runs the servers' },
    { id: 'grt_finance', profile: 'finance', holder: 'group:finance', schedule: 'always', reason: 'Runs payroll' },
    { id: 'grt_laboratory', profile: 'laboratory', holder: 'group:laboratory', schedule: 'always', reason: 'Works in the clean room' },
    {
      id: 'grt_deliveries',
      profile: 'deliveries',
      holder: 'role:contractor',
      schedule: 'business-hours',
      reason: 'Deliveries in business hours',
    },
    { id: 'grt_dock', profile: 'deliveries', holder: 'role:guard', schedule: 'always', reason: 'Opens the dock for deliveries' },
  ],
};

/** Who may open the dock, which asks for a PIN. The PINs are drawn at every start. */
export const DEMO_PIN_HOLDERS = ['usr_milo', 'usr_omar'] as const;

interface DemoPerson {
  readonly roles: readonly string[];
  readonly groups?: readonly string[];
  readonly clearance: number;
  readonly accessibility?: true;
  readonly badge: { readonly format: string; readonly facility?: number; readonly number: string };
}

function bits26(number: string) {
  return { format: 'H10301', facility: 12, number };
}

function person(id: string, name: string, { badge, groups = [], ...rest }: DemoPerson) {
  const email = `${name.split(' ')[0]?.toLowerCase() ?? id}@demo.example`;
  return { id, name, email, groups, ...rest, badges: [badge] };
}
