/*
 * The people of the demo site, in the shape of an import file. Badges are 26-bit (H10301) and 37-bit (H10302, H10304).
 * Nobody has a passkey: the first administrator enrols through a one-time link.
 */
export const DEMO_PEOPLE_FILE = {
  people: [
    person('usr_ada', 'Ada Okafor', ['staff', 'security_admin'], [], 5, { format: 'H10301', facility: 12, number: '1001' }),
    person('usr_grace', 'Grace Lindqvist', ['staff', 'security_admin'], [], 5, { format: 'H10301', facility: 12, number: '1002' }),
    person('usr_milo', 'Milo Brandt', ['staff', 'guard'], [], 3, { format: 'H10301', facility: 12, number: '1003' }),
    person('usr_nina', 'Nina Costa', ['staff'], ['operations'], 4, { format: 'H10304', facility: 400, number: '2001' }),
    person('usr_tess', 'Tess Moreau', ['staff'], ['finance'], 2, { format: 'H10302', facility: null, number: '9000012345' }),
    person('usr_liam', 'Liam Byrne', ['staff'], ['laboratory'], 3, { format: 'H10301', facility: 12, number: '1006' }),
    { ...person('usr_vera', 'Vera Novak', ['staff'], [], 2, { format: 'H10301', facility: 12, number: '1007' }), accessibility: true },
    person('usr_omar', 'Omar Haddad', ['contractor'], [], 1, { format: 'H10301', facility: 12, number: '1008' }),
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
    grant('grt_everyday', 'everyday', 'role:staff', 'always', 'Part of every employment'),
    grant('grt_servers', 'server-operations', 'group:operations', 'always', 'Runs the servers'),
    grant('grt_finance', 'finance', 'group:finance', 'always', 'Runs payroll'),
    grant('grt_laboratory', 'laboratory', 'group:laboratory', 'always', 'Works in the clean room'),
    grant('grt_deliveries', 'deliveries', 'role:contractor', 'business-hours', 'Deliveries in business hours'),
    grant('grt_dock', 'deliveries', 'role:guard', 'always', 'Opens the dock for deliveries'),
  ],
};

/** Who may open the dock, which asks for a PIN. The PINs are drawn at every start. */
export const DEMO_PIN_HOLDERS = ['usr_milo', 'usr_omar'] as const;

interface DemoBadge {
  readonly format: string;
  readonly facility: number | null;
  readonly number: string;
}

// eslint-disable-next-line max-params -- a row of a table
function person(id: string, name: string, roles: string[], groups: string[], clearance: number, badge: DemoBadge) {
  const email = `${name.split(' ')[0]?.toLowerCase() ?? id}@demo.example`;
  const { facility, ...rest } = badge;
  return { id, name, email, roles, groups, clearance, badges: [facility === null ? rest : { facility, ...rest }] };
}

// eslint-disable-next-line max-params -- a row of a table
function grant(id: string, profile: string, holder: string, schedule: string, reason: string) {
  return { id, profile, holder, schedule, reason };
}
