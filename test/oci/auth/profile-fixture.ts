/** One complete configuration, as a file and as an environment. */
import { loadProfile, type Profile } from '../../../src/oci/auth/profile.ts'
import { openSource } from '../../../src/oci/auth/source.ts'
import type { Environment, Files } from '../../../src/platform.ts'
import formats from '../../vectors/key-formats.json' with { type: 'json' }
import keys from '../../vectors/keys.json' with { type: 'json' }

const { pkcs8Pem: PEM, fingerprint: FINGERPRINT } = keys.keys.rsa2048
export { FINGERPRINT, PEM }
export const LOCKED = formats.entries.find(({ id }) => id === 'enc-pkcs8-openssl3-default')?.pem ??
  ''
export const TENANCY = 'ocid1.tenancy.oc1..aaaa'
export const USER = 'ocid1.user.oc1..aaaa'
export const CONFIG = '/home/me/.oci/config'
export const KEY = '/home/me/.oci/key.pem'

export const LINES = [
  '[DEFAULT]',
  `tenancy=${TENANCY}`,
  `user=${USER}`,
  `fingerprint=${FINGERPRINT}`,
  'region=us-chicago-1',
  'key_file=~/.oci/key.pem',
  '',
]
export const DEFAULT = LINES.join('\n')
export const PROFILE: Profile = {
  tenancy: TENANCY,
  user: USER,
  fingerprint: FINGERPRINT,
  region: 'us-chicago-1',
  privateKey: PEM,
  passphrase: undefined,
  source: `profile "DEFAULT" of "${CONFIG}"`,
}
export const FILES = { [CONFIG]: DEFAULT, [KEY]: PEM }
export const COMPLETE = {
  OCI_CLI_TENANCY: TENANCY,
  OCI_CLI_USER: 'ocid1.user.oc1..env',
  OCI_CLI_FINGERPRINT: FINGERPRINT,
  OCI_CLI_REGION: 'PHX',
  OCI_CLI_KEY_CONTENT: PEM.replaceAll('\n', '\\n'),
}
export const FROM_ENVIRONMENT: Profile = {
  ...PROFILE,
  user: COMPLETE.OCI_CLI_USER,
  region: 'us-phoenix-1',
  privateKey: COMPLETE.OCI_CLI_KEY_CONTENT.trim(),
  source: 'the environment',
}

export function filesWith(texts: Record<string, string>): Files {
  return { home: '/home/me', read: (path) => Promise.resolve(texts[path]) }
}

/** Loads the profile from an environment and files. */
export async function loadFrom(
  environment: Environment,
  files: Files | undefined,
): Promise<Profile> {
  return await loadProfile(await openSource(environment, files), environment, files)
}
