/** Who works at the console in the tests of its pages. */
export const ada = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };
export const chiara = { id: 'usr_chi', displayName: 'Chiara Lindqvist', roles: ['security_admin'] };
