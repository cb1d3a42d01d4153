import { useMutation } from '@tanstack/react-query';
import {
  demoBadgeResultSchema,
  demoExitResultSchema,
  type DemoBadgeResult,
  type DemoExitResult,
  type DemoView,
} from '#gateway/http/contract/demo.ts';
import { postJson } from '../../shared/api/client.ts';

/** What a hand does at the demo site. */
export type Act =
  | { readonly kind: 'badge'; readonly personId: string; readonly readerId: string; readonly walkThrough: boolean }
  | { readonly kind: 'keys'; readonly personId: string; readonly readerId: string; readonly walkThrough: boolean; readonly keys: string }
  | { readonly kind: 'exit'; readonly doorId: string; readonly walkThrough: boolean };

export type SiteAnswer =
  | { readonly kind: 'badge'; readonly what: string; readonly result: DemoBadgeResult }
  | { readonly kind: 'exit'; readonly what: string; readonly result: DemoExitResult };

/** Badges and pressed buttons, one at a time. The answer names what it answers: the choices may have moved on since. */
export function useSiteHands(demo: DemoView) {
  return useMutation({
    mutationFn: async (act: Act): Promise<SiteAnswer> => {
      const { kind, ...body } = act;
      if (kind === 'badge') {
        return { kind, what: nameOf(demo, act), result: await postJson('/api/demo/badge', body, demoBadgeResultSchema) };
      }
      if (kind === 'keys') {
        return { kind: 'badge', what: nameOf(demo, act), result: await postJson('/api/demo/keys', body, demoBadgeResultSchema) };
      }
      return { kind, what: nameOf(demo, act), result: await postJson('/api/demo/exit', body, demoExitResultSchema) };
    },
  });
}

function nameOf({ people, readers }: DemoView, act: Act): string {
  if (act.kind === 'exit') return `Exit button, ${readers.find(({ doorId }) => doorId === act.doorId)?.doorName ?? act.doorId}`;
  const person = people.find(({ id }) => id === act.personId)?.displayName ?? act.personId;
  return `${person} at ${readers.find(({ id }) => id === act.readerId)?.name ?? act.readerId}`;
}
