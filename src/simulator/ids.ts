export const HEX = '0123456789abcdef'
export const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Returns random characters of an alphabet, for ids as the vendors create them. */
export function randomText(length: number, alphabet: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('')
}

/** OCI's request id: three groups of 32 hex digits. The client may choose the first group. */
export function opcRequestId(chosen: string | null): string {
  const first = chosen !== null && /^[\w-]{1,64}$/.test(chosen) ? chosen : group()
  return [first, group(), group()].join('/')
}

function group(): string {
  return crypto.randomUUID().replaceAll('-', '').toUpperCase()
}
