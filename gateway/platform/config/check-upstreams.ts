import { findDuplicates, type FieldProblem } from '../../domain/field-problem.ts';
import { isLoopbackHost } from './client-uri.ts';
import type { ConfigFile } from './file-schema.ts';

/** What belongs together at identity providers outside. */
export function checkUpstreams({ upstreams }: ConfigFile): readonly FieldProblem[] {
  return [
    ...findDuplicates(upstreams.map(({ id }, i) => ({ value: id, path: `upstreams[${i}].id` }))),
    // Two entries of one client could not be told apart: each ID token is for both.
    ...findDuplicates(upstreams.map((one, i) => ({ value: `${one.issuer} ${one.client_id}`, path: `upstreams[${i}].client_id` }))),
    ...upstreams.flatMap((upstream, i): FieldProblem[] => {
      const { hostname, protocol } = new URL(upstream.issuer);
      return protocol === 'http:' && !isLoopbackHost(hostname)
        ? [{ path: `upstreams[${i}].issuer`, message: 'is plain http beyond localhost: anybody on the way could sign in as anybody' }]
        : [];
    }),
    ...upstreams.flatMap((upstream, i) =>
      upstream.mode === 'before_passkey' && upstream.ratings.length > 0
        ? [
            {
              path: `upstreams[${i}].ratings`,
              message: 'count only with mode instead_of_passkey: after it a passkey says what the sign-in is worth',
            },
          ]
        : [],
    ),
  ];
}
