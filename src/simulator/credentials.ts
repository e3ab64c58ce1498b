import { createBehaviors, type ServiceBehaviors } from './behavior.ts'
import { createTokenIssuer, type TokenIssuer } from './tokens/issuer.ts'
import type { Cluster } from './tokens/cluster.ts'
import type { Instance } from './x509/instance.ts'

/** The principals that may get tokens, and the behavior of the services that issue them. */
export interface CredentialOptions {
  /** The issuer of accepted tokens; a new one by default. */
  issuer?: TokenIssuer
  /** The compute instance that the metadata service describes; none by default. */
  instance?: Instance
  /** The cluster whose pods may get tokens; none by default. */
  cluster?: Cluster
  /** The identity domain that exchanges tokens of other issuers; none by default. */
  domain?: IdentityDomain
  /** The behavior of the services; a test may change it at any time. */
  behaviors?: ServiceBehaviors
}

/** An identity domain that exchanges tokens of other issuers. */
export interface IdentityDomain {
  tenancy: string
  /** The secrets of its confidential applications by client id. */
  clients: ReadonlyMap<string, string>
  /** Whether the domain trusts a token's issuer. */
  trusts(token: string): boolean
}

/** The credential options with their defaults. */
export interface Credentials {
  issuer: TokenIssuer
  instance: Instance | undefined
  cluster: Cluster | undefined
  domain: IdentityDomain | undefined
  behaviors: ServiceBehaviors
}

/** Applies the defaults. */
export function credentialsFrom(options: CredentialOptions, now: () => number): Credentials {
  const { issuer = createTokenIssuer({ now }), behaviors = createBehaviors() } = options
  const { instance, cluster, domain } = options
  return { issuer, instance, cluster, domain, behaviors }
}
