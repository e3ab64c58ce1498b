/** Whether a text has the form of an OCID: `ocid1.tenancy.oc1..aaaa`. */
export function isOcid(text: string): boolean {
  // The form that Oracle's Python SDK asks for.
  return /^[\w-]+[.:]([\w-]*[.:]){3,}[\w-]+$/.test(text)
}

/**
 * A fingerprint as OCI writes it, `73:61:a2:…`, also from capitals or without colons;
 * `undefined` when it is not one.
 */
export function normalFingerprint(text: string): string | undefined {
  const plain = text.trim().toLowerCase().replaceAll(':', '')
  return /^[0-9a-f]{32}$/.test(plain) ? plain.match(/../g)?.join(':') : undefined
}
