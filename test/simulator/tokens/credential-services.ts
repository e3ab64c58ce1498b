import { createBehaviors } from '../../../src/simulator/behavior.ts'
import { type Bytes, fromBase64, toBase64 } from '../../../src/simulator/base64.ts'
import { fromPem } from '../../../src/simulator/pem.ts'
import { generateRsa } from '../../../src/simulator/rsa.ts'
import {
  createSessionIdentity,
  type SessionIdentity,
} from '../../../src/simulator/session-identity.ts'
import { type Cluster, createCluster } from '../../../src/simulator/tokens/cluster.ts'
import { createTokenIssuer, type TokenIssuer } from '../../../src/simulator/tokens/issuer.ts'
import { der, TAG } from '../../../src/simulator/x509/der.ts'
import { createInstance, type Instance } from '../../../src/simulator/x509/instance.ts'
import type { ServiceBehaviors } from '../../../src/simulator/behavior.ts'
import {
  type Call,
  type Caller,
  chatBody,
  createCaller,
  importKey,
  message,
  NOW,
  type Signer,
} from '../caller.ts'

/** All services and principals for tokens, with one clock. */
export interface CredentialServices extends Caller {
  instance: Instance
  cluster: Cluster
  issuer: TokenIssuer
  behaviors: ServiceBehaviors
  session: SessionIdentity
  /** Advances the clock by milliseconds. */
  pass(milliseconds: number): void
  now(): number
  /** Posts a body, with the clock's date. */
  post(path: string, body: unknown, call?: Call): Promise<Response>
}

export const DOMAIN = {
  tenancy: 'ocid1.tenancy.oc1..aaaadomain',
  clients: new Map([['app', 'secret']]),
  trusts: (token: string) => token.endsWith('trusted'),
}

export async function createCredentialServices(): Promise<CredentialServices> {
  let time = NOW
  const now = () => time
  const issuer = createTokenIssuer({ now })
  const behaviors = createBehaviors()
  const instance = await createInstance({ now })
  const cluster = await createCluster({ now })
  const options = { now, issuer, behaviors, instance, cluster, domain: DOMAIN }
  const caller = await createCaller(options)
  return {
    ...caller,
    ...{ issuer, behaviors, instance, cluster, now },
    session: await createSessionIdentity(issuer, { now }),
    pass: (milliseconds) => void (time += milliseconds),
    post: async (path, body, call = {}) => await caller.send({ path, body, date: time, ...call }),
  }
}

/** A session key pair: the public key for requests and the private key that signs. */
export interface SessionKey {
  key: CryptoKey
  publicKey: string
}

export async function createSessionKey(): Promise<SessionKey> {
  const pair = await generateRsa()
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey)
  return { key: pair.privateKey, publicKey: toBase64(new Uint8Array(spki)) }
}

/** The signer of a token. */
export async function holderOf({ token, privateKey }: SessionIdentity): Promise<Signer> {
  return { keyId: `ST$${token}`, key: await importKey(privateKey) }
}

/** A federation call, whose parts a test may change. */
export interface Federation {
  body: { certificate: string; publicKey: string; intermediateCertificates: string[] }
  call: { signer: Signer; headers: Record<string, string>; signed: string[] }
}

/** The body and the signature of a federation call, as Oracle's SDK creates them. */
export async function federation(
  services: CredentialServices,
  publicKey: string,
): Promise<Federation> {
  const { certPem, keyPem, intermediatePem } = services.instance.certificates
  const certificate = inside(certPem)
  const body = {
    certificate,
    purpose: 'DEFAULT',
    publicKey,
    intermediateCertificates: [inside(intermediatePem)],
  }
  const fingerprint = await hashOf(certificate, 'SHA-1')
  const call = {
    signer: {
      keyId: `${services.instance.tenancy}/fed-x509/${fingerprint}`,
      key: await importPkcs1(keyPem),
    },
    headers: { date: new Date(services.now()).toUTCString() },
    signed: [
      ...['date', '(request-target)', 'host'],
      ...['content-type', 'content-length', 'x-content-sha256'],
    ],
  }
  return { body, call }
}

/** The hash of base64-encoded bytes, as hex pairs with colons. */
export async function hashOf(base64: string, algorithm: string): Promise<string> {
  const bytes = fromBase64(base64) ?? new Uint8Array()
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join(':')
}

/** Sends a chat request to test a signer. */
export async function tryChat(services: CredentialServices, signer: Signer): Promise<Response> {
  const request = { messages: [message('USER', 'Hi')], maxTokens: 20 }
  return await services.post('/20231130/actions/chat', chatBody('xai.grok-3', request), { signer })
}

/** A call's status and the reason of its error. */
export function verdictOf(services: CredentialServices, { status }: Response): [number, string?] {
  return status === 200 ? [200] : [status, services.errors.at(-1)?.reason ?? '']
}

export async function importPkcs1(pem: string): Promise<CryptoKey> {
  const pkcs1 = fromPem('RSA PRIVATE KEY', pem) ?? new Uint8Array()
  const rsa = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01)
  const pkcs8: Bytes = der(
    TAG.sequence,
    der(TAG.integer, Uint8Array.of(0)),
    der(TAG.sequence, der(TAG.objectId, rsa), der(TAG.none)),
    der(TAG.octets, pkcs1),
  )
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  return await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
}

function inside(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '')
}
