import { ocid } from '../identity.ts'
import { toPem } from '../pem.ts'
import { generateRsa } from '../rsa.ts'
import { type Name, writeCertificate } from '../x509/write-certificate.ts'
import { signJwt } from './jwt.ts'

/** A Kubernetes cluster whose pods can be OCI principals. */
export interface Cluster {
  id: string
  tenancy: string
  compartment: string
  /** Only pods of an enhanced cluster get tokens. */
  enhanced: boolean
  /** Whether responses are JSON strings, as usual, or plain base64. */
  quoted: boolean
  /** The certificate authority's certificate, the content of `ca.crt` in pods. */
  authorityPem: string
  /** The token in the pod's file; the cluster accepts no other. */
  serviceAccountToken: string
  /** Replaces the service account token. */
  rotate(): Promise<void>
}

export interface ClusterOptions {
  now?: () => number
  /** Seconds until a service account token expires. */
  lifetime?: number
  tenancy?: string
  compartment?: string
}

const AUTHORITY: Name = [['CN', 'kubernetes']]
const DECADE = 10 * 365 * 86_400_000

/** Creates an enhanced cluster with a service account token. */
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
