/** Leaves for where the gateway says. Only web addresses: a `javascript:` one is never followed, whoever sent it. */
export function goTo(address: string): void {
  const url = new URL(address, location.href);
  if (url.protocol === 'https:' || url.protocol === 'http:') location.assign(url);
}
