import { md5 } from '@noble/hashes/legacy.js'
import { toPem } from './pem.ts'
import { generateRsa } from './rsa.ts'

/** An API key: what a client needs to sign, and the public key for the simulator. */
export interface DemoIdentity {
  tenancy: string
  user: string
  /** MD5 of the public key in DER: sixteen bytes in hex, joined by colons. */
  fingerprint: string
  compartment: string
  /** `tenancy/user/fingerprint`. */
  keyId: string
  /** PKCS#8, in PEM. */
  privateKey: string
  publicKeys: ReadonlyMap<string, CryptoKey>
}

/** Creates a key pair and valid OCIDs that contain the word `simulator`. */
export async function createDemoIdentity(): Promise<DemoIdentity> {
  const pair = await generateRsa()
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
  const tenancy = ocid('tenancy')
  const user = ocid('user')
  const fingerprint = [...md5(spki)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
  const keyId = `${tenancy}/${user}/${fingerprint}`
  return {
    tenancy,
    user,
    fingerprint,
    compartment: ocid('compartment'),
    keyId,
    privateKey: toPem('PRIVATE KEY', pkcs8),
    publicKeys: new Map([[keyId, pair.publicKey]]),
  }
}

/** The variables of a gateway that signs as this identity, without files. */
export function environmentOf(identity: DemoIdentity): Record<string, string> {
  return {
    OCI_CLI_TENANCY: identity.tenancy,
    OCI_CLI_USER: identity.user,
    OCI_CLI_FINGERPRINT: identity.fingerprint,
    OCI_CLI_KEY_CONTENT: identity.privateKey,
    OCI_CLI_REGION: 'us-chicago-1',
    OCI_GENAI_PROJECT: ocid('generativeaiproject'),
  }
}

/** An OCID with a unique part of sixty characters that starts with `aaaaaaaa`, like real ones. */
export function ocid(kind: string): string {
  return `ocid1.${kind}.oc1..${`aaaaaaaasimulator${kind}`.padEnd(60, 'a')}`
}
