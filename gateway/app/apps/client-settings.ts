import { expressSetting } from './settings/express-setting.ts';
import { browserSetting, genericSetting, kubectlSetting, machineSettings } from './settings/openid-settings.ts';
import { nextSetting } from './settings/next-setting.ts';
import { caddySetting, nginxSetting } from './settings/proxy-settings.ts';
import { gitlabSetting, grafanaSetting, oauth2ProxySetting } from './settings/server-settings.ts';
import { traefikSetting } from './settings/traefik-setting.ts';
import type { Setting, SettingFacts } from './settings/setting.ts';

/** Stands where the secret belongs, when it is not known any more. */
export const SECRET_PLACEHOLDER = 'YOUR-CLIENT-SECRET';

/** An app, as far as its settings tell it. Null secret = the placeholder. */
export type ClientFacts = Omit<SettingFacts, 'clientSecret'> & { readonly clientSecret: string | null };

/** Settings to copy into common clients, filled in for this app: the most general first. */
export function clientSettings({ clientSecret, ...rest }: ClientFacts): readonly Setting[] {
  const facts: SettingFacts = { ...rest, clientSecret: clientSecret ?? SECRET_PLACEHOLDER };
  switch (facts.kind) {
    case 'web':
      return [genericSetting, expressSetting, nextSetting, oauth2ProxySetting, grafanaSetting, gitlabSetting].map((make) => make(facts));
    case 'browser':
      return [genericSetting(facts), browserSetting(facts)];
    case 'native':
      return [genericSetting(facts), kubectlSetting(facts)];
    case 'machine':
      return [machineSettings(facts), genericSetting(facts)];
    case 'website':
      return [nginxSetting(facts), caddySetting(facts), traefikSetting(facts)];
  }
}
