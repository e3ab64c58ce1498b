/**
 * Removes what identifies a tenancy from a text that people paste into an issue: OCIDs, addresses,
 * names of hosts, keys and ids of requests.
 */
export function redactReport(text: string): string {
  return text
    .replaceAll(/ocid1\.[\w.-]+/g, '[ocid]')
    .replaceAll(/\bhttps?:\/\/[^\s"']+/g, '[address]')
    .replaceAll(/\b(?:[a-z0-9-]{1,63}\.){2,8}[a-z]{2,24}\b/gi, '[host]')
    .replaceAll(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '[address]')
    .replaceAll(/\bsk-[\w-]{4,}/g, '[key]')
    .replaceAll(/[A-Za-z0-9+/=_-]{28,}/g, '[id]')
    .replaceAll(/\p{Cc}/gu, ' ')
}
