import type { MeView } from '#gateway/http/contract/me.ts';

export interface SignedIn extends MeView {
  readonly person: NonNullable<MeView['person']>;
}
