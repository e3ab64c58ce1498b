import { md5 } from '@noble/hashes/legacy.js'
import { toPem } from './pem.ts'
import { generateRsa } from './rsa.ts'

/** Everything a client needs to be known to the simulator, and the key the simulator knows it by. */
export interface DemoIdentity {
  tenancy: string
  user: string
  /** MD5 of the public key's DER form, as OCI shows it: sixteen bytes in hex, joined by colons. */
  fingerprint: string
  compartment: string
  /** `tenancy/user/fingerprint`. */
  keyId: string
  /** PKCS#8, in PEM. */
  privateKey: string
  publicKeys: ReadonlyMap<string, CryptoKey>
}

/** Makes a new key pair, and OCIDs that look real but say that they are the simulator's. */
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

/** Real OCIDs end in sixty characters, the first eight of them `a`. */
export function ocid(kind: string): string {
  return `ocid1.${kind}.oc1..${`aaaaaaaasimulator${kind}`.padEnd(60, 'a')}`
}
