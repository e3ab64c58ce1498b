/**
 * Whether a host name or address reaches only this machine: `localhost` and its subdomains (RFC
 * 6761), `127.0.0.0/8` and `::1`, the latter also in brackets, as in URLs, and IPv4-mapped.
 */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /[^.]\.localhost$/.test(host) || host === '::1' ||
    host === '[::1]' || /^(?:::ffff:)?127(\.\d{1,3}){3}$/i.test(host)
}
