export const texts = {
  one_moment: 'One moment',
  try_again: 'Try again',
  loading_realms: 'Loading the VPNs',
  realms_not_loaded: 'The VPNs could not be loaded',
  title: 'Connect to the VPN',
  lead: 'Your passkey gets you a code for the VPN client. It works once, within two minutes.',
  none: 'No VPN is set up at this gateway.',
  get_code: 'Get a code with passkey',
  push_hint: 'Or type push as the password and then say yes here:',
  push_page: 'Requests to you',
  denied_title: '{{realmName}} is closed to you right now',
  decided_at: 'Decided at {{time}}',
  code_expired: 'This code has expired',
  code_expired_lead: 'A code works for two minutes. If the VPN is connected already, all is well.',
  new_code: 'Get a new code',
  code_title: 'Your code for {{realmName}}',
  code_lead: 'Type both into the VPN client. The code works once.',
  user_name: 'User name',
  password: 'Password',
  copy_name: 'Copy the name',
  copy_code: 'Copy the code',
  expires_in: 'Expires in {{seconds}} s.',
  loading_connection: 'Loading the connection',
  nothing_waits: 'There is no connection that waits',
  nothing_waits_lead: 'This connection does not wait any more. Connect again.',
  other_name: 'This connection was begun under another name. If it is not yours, close this page.',
  connected: 'You are connected',
  connected_lead: '{{realmName}} lets your device in. You can close this page.',
  connect_title: 'Connect to {{realmName}}?',
  connect_lead: 'A device wants to connect as {{userName}}.',
  connect_lead_from: 'A device wants to connect as {{userName}} from {{ip}}.',
  other_address: 'It does not have the address of this browser. Go on only if you have just started the VPN yourself.',
  connect: 'Connect with passkey',
} as const;

declare module 'i18next' {
  interface ResourceNamespaceMap {
    readonly vpn: typeof texts;
  }
}
