import type { Environment } from '../../platform.ts'
import { authEndpoint, type Region } from '../regions.ts'
import type { Credential } from '../signing/credential.ts'
import type { AuthKind } from './kind.ts'
import { readAddress } from './variables.ts'

/** The identity that the gateway uses at OCI. */
export interface Principal {
  credential: Credential
  /** The kind that `openCredential()` selected. */
  kind?: AuthKind | undefined
  /** The tenancy's OCID. */
  tenancy: string | undefined
  /** Its own region, which may differ from the regions that serve the models. */
  region: Region | undefined
  /** For messages: `the instance principal`, `profile "DEFAULT" of "/home/me/.oci/config"`. */
  source: string
}

/** The auth service of a region, unless the environment overrides it. */
export function authService(environment: Environment, region: Region): URL {
  return readAddress(environment, 'OCI_AUTH_ENDPOINT', 'OCI_SDK_AUTH_CLIENT_REGION_URL') ??
    authEndpoint(region)
}

/** Whether a text has the form of an OCID: `ocid1.tenancy.oc1..aaaa`. */
export function isOcid(text: string): boolean {
  // The same form as in Oracle's Python SDK: at least five parts, of which inner ones may be empty.
  const parts = text.split(/[.:]/)
  const hasEnds = parts[0] !== '' && parts.at(-1) !== ''
  return parts.length >= 5 && hasEnds && parts.every((part) => /^[\w-]*$/.test(part))
}

/**
 * Normalizes a fingerprint to OCI's form, `73:61:a2:…`. Accepts upper case and missing colons;
 * `undefined` for anything else.
 */
export function normalizeFingerprint(text: string): string | undefined {
  const plain = text.trim().toLowerCase().replaceAll(':', '')
  return /^[0-9a-f]{32}$/.test(plain) ? plain.match(/../g)?.join(':') : undefined
}
