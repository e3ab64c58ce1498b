import { ocid } from '../identity.ts'
import { toPem } from '../pem.ts'
import { generateRsa } from '../rsa.ts'
import { type Name, writeCertificate } from '../x509/write-certificate.ts'
import { signJwt } from './jwt.ts'

/** A Kubernetes cluster whose pods are principals of OCI. */
export interface Cluster {
  id: string
  tenancy: string
  compartment: string
  /** Only an enhanced cluster gives its pods tokens. */
  enhanced: boolean
  /** Whether answers are JSON strings, as usual, or bare base64. */
  quoted: boolean
  /** The certificate that its servers' certificates are signed with, as pods find it in `ca.crt`. */
  authorityPem: string
  /** What Kubernetes has put into the pod's file; no other is believed. */
  serviceAccountToken: string
  /** A new service account token in place of the old one. */
  rotate(): Promise<void>
}

export interface ClusterOptions {
  now?: () => number
  /** Seconds that a service account token is good. */
  lifetime?: number
  tenancy?: string
  compartment?: string
}

const AUTHORITY: Name = [['CN', 'kubernetes']]
const DECADE = 10 * 365 * 86_400_000

/** Makes an enhanced cluster with its first service account token. */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { now = Date.now, lifetime = 3_607 } = options
  const { tenancy = ocid('tenancy'), compartment = ocid('compartment') } = options
  const { privateKey, publicKey } = await generateRsa()
  const validity = { notBefore: now() - 60_000, notAfter: now() + DECADE }
  const text = { issuer: AUTHORITY, subject: AUTHORITY, publicKey, ...validity }
  const newToken = async () => {
    const iat = Math.floor(now() / 1000)
    const claims = {
      ...{ aud: ['api'], exp: iat + lifetime, iat, iss: 'https://kubernetes.default.svc' },
      ...{ jti: crypto.randomUUID(), sub: 'system:serviceaccount:default:gateway' },
    }
    return await signJwt(claims, privateKey, 'cluster')
  }
  const cluster: Cluster = {
    id: ocid('cluster'),
    ...{ tenancy, compartment, enhanced: true, quoted: true },
    authorityPem: toPem('CERTIFICATE', await writeCertificate(text, privateKey)),
    serviceAccountToken: await newToken(),
    async rotate() {
      cluster.serviceAccountToken = await newToken()
    },
  }
  return cluster
}
