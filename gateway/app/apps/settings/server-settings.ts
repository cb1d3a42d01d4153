import { habitNotes, habitUriOf, originOf, SCOPES, type Setting, type SettingFacts } from './setting.ts';

export function oauth2ProxySetting(facts: SettingFacts): Setting {
  const redirectUri = habitUriOf(facts, '/oauth2/callback');
  const text = `provider = "oidc"
oidc_issuer_url = "${facts.issuer}"
client_id = "${facts.clientId}"
client_secret = "${facts.clientSecret}"
redirect_url = "${redirectUri}"
scope = "${SCOPES}"
code_challenge_method = "S256"
oidc_groups_claim = "groups"
# Who may come in is decided by the gateway.
email_domains = ["*"]
insecure_oidc_allow_unverified_email = true
# Base64 of another alphabet than that of URLs would not be taken: hexadecimal is.
cookie_secret = "make-one-with-openssl-rand-hex-16"
cookie_secure = ${redirectUri.startsWith('https:') ? 'true' : 'false'}
upstreams = ["http://127.0.0.1:8080/"]
`;
  return {
    id: 'oauth2-proxy',
    title: 'oauth2-proxy',
    files: [{ name: 'oauth2-proxy.cfg', language: 'toml', text }],
    notes: habitNotes(facts, '/oauth2/callback'),
  };
}

export function grafanaSetting(facts: SettingFacts): Setting {
  const redirectUri = habitUriOf(facts, '/login/generic_oauth');
  const { issuer } = facts;
  const text = `[server]
root_url = ${originOf(redirectUri)}/

[auth.generic_oauth]
enabled = true
name = Gatehouse
allow_sign_up = true
client_id = ${facts.clientId}
client_secret = ${facts.clientSecret}
scopes = ${SCOPES}
auth_url = ${issuer}/auth
token_url = ${issuer}/token
api_url = ${issuer}/me
use_pkce = true
login_attribute_path = sub
name_attribute_path = name
email_attribute_path = email
groups_attribute_path = groups
role_attribute_path = contains(groups[*], 'grafana-admins') && 'Admin' || 'Viewer'
signout_redirect_url = ${issuer}/session/end
`;
  return {
    id: 'grafana',
    title: 'Grafana',
    files: [{ name: 'grafana.ini', language: 'ini', text }],
    notes: habitNotes(facts, '/login/generic_oauth'),
  };
}

export function gitlabSetting(facts: SettingFacts): Setting {
  const redirectUri = habitUriOf(facts, '/users/auth/openid_connect/callback');
  const text = `gitlab_rails['omniauth_allow_single_sign_on'] = ['openid_connect']
gitlab_rails['omniauth_block_auto_created_users'] = false
gitlab_rails['omniauth_providers'] = [
  {
    name: 'openid_connect',
    label: 'Gatehouse',
    args: {
      name: 'openid_connect',
      scope: [${SCOPES.split(' ')
        .map((scope) => `'${scope}'`)
        .join(', ')}],
      response_type: 'code',
      issuer: '${facts.issuer}',
      discovery: true,
      client_auth_method: 'basic',
      client_signing_alg: :${facts.idTokenAlg},
      uid_field: 'sub',
      pkce: true,
      client_options: {
        identifier: '${facts.clientId}',
        secret: '${facts.clientSecret}',
        redirect_uri: '${redirectUri}'
      }
    }
  }
]
`;
  return {
    id: 'gitlab',
    title: 'GitLab',
    files: [{ name: 'gitlab.rb', language: 'ruby', text }],
    notes: [...habitNotes(facts, '/users/auth/openid_connect/callback'), 'GitLab knows PKCE since 15.9.'],
  };
}
