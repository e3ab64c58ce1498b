/** OCI's id of a call: three groups of 32 hex digits, of which the client may choose the first. */
export function opcRequestId(chosen: string | null): string {
  const first = chosen !== null && /^[\w-]{1,64}$/.test(chosen) ? chosen : group()
  return [first, group(), group()].join('/')
}

function group(): string {
  return crypto.randomUUID().replaceAll('-', '').toUpperCase()
}
