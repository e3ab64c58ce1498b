import { ocid } from '../identity.ts'
import type { Bytes } from '../base64.ts'
import { toPem } from '../pem.ts'
import { generateRsa } from '../rsa.ts'
import { readValues } from './der.ts'
import { type Name, writeCertificate } from './write-certificate.ts'

/** An instance's current certificates and key. */
export interface InstanceCertificates {
  certPem: string
  /** PKCS#1, not encrypted. */
  keyPem: string
  intermediatePem: string
}

/** A compute instance, as its metadata service and the auth service know it. */
export interface Instance {
  id: string
  tenancy: string
  compartment: string
  region: InstanceRegion
  /** The current certificates; certificate and key always match. */
  certificates: InstanceCertificates
  /** The public key of the authority that signs its certificates. */
  authority: CryptoKey
  /** Issues a new certificate and key. The old ones stay valid until they expire. */
  rotate(): Promise<void>
}

/** An instance's region, as the metadata service describes it. */
export interface InstanceRegion {
  /** The value of `instance/region`; the oldest regions return their short names. */
  name: string
  /** The value of `instance/regionInfo`, if the instance has it. */
  info: RegionInfo | undefined
}

export interface RegionInfo {
  realmKey: string
  realmDomainComponent: string
  regionKey: string
  regionIdentifier: string
}

export interface InstanceOptions {
  now?: () => number
  /** Seconds until a certificate expires. Default: two hours. */
  lifetime?: number
  tenancy?: string
  compartment?: string
  region?: InstanceRegion
}

const CHICAGO: InstanceRegion = {
  name: 'us-chicago-1',
  info: {
    realmKey: 'oc1',
    realmDomainComponent: 'oraclecloud.com',
    regionKey: 'ORD',
    regionIdentifier: 'us-chicago-1',
  },
}
const ROOT: Name = [['CN', 'PKISVC Simulated Root']]
const INTERMEDIATE: Name = [['OU', 'opc-device:simulator'], ['CN', 'PKISVC Simulated Identity']]
const DECADE = 10 * 365 * 86_400_000

/** Creates an instance with a certificate and its authority. */
export async function createInstance(options: InstanceOptions = {}): Promise<Instance> {
  const { now = Date.now, lifetime = 7_200, region = CHICAGO } = options
  const { tenancy = ocid('tenancy'), compartment = ocid('compartment') } = options
  const id = ocid('instance')
  const root = await generateRsa()
  const authority = await generateRsa()
  const validity = (milliseconds: number) => ({
    notBefore: now() - 60_000,
    notAfter: now() + milliseconds,
  })
  const text = { issuer: ROOT, subject: INTERMEDIATE, publicKey: authority.publicKey }
  const intermediate = await writeCertificate({ ...text, ...validity(DECADE) }, root.privateKey)
  const issueCertificates = async (): Promise<InstanceCertificates> => {
    const leaf = await generateRsa()
    const subject = subjectOf(id, tenancy, compartment)
    const text = { issuer: INTERMEDIATE, subject, publicKey: leaf.publicKey }
    const cert = await writeCertificate(
      { ...text, ...validity(lifetime * 1000) },
      authority.privateKey,
    )
    return {
      certPem: toPem('CERTIFICATE', cert),
      keyPem: toPem('RSA PRIVATE KEY', await exportPkcs1(leaf.privateKey)),
      intermediatePem: toPem('CERTIFICATE', intermediate),
    }
  }
  const instance: Instance = {
    ...{ id, tenancy, compartment, region, authority: authority.publicKey },
    certificates: await issueCertificates(),
    async rotate() {
      instance.certificates = await issueCertificates()
    },
  }
  return instance
}

function subjectOf(id: string, tenancy: string, compartment: string): Name {
  return [
    ['CN', id],
    ['OU', 'opc-certtype:instance'],
    ['OU', `opc-compartment:${compartment}`],
    ['OU', `opc-instance:${id}`],
    ['OU', `opc-tenant:${tenancy}`],
  ]
}

/** PKCS#8 contains PKCS#1 as its third value. */
async function exportPkcs1(key: CryptoKey): Promise<Bytes> {
  const [outer] = readValues(new Uint8Array(await crypto.subtle.exportKey('pkcs8', key)))
  const [, , inner] = readValues(outer?.content ?? new Uint8Array())
  return inner?.content ?? new Uint8Array()
}
