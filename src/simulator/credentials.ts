import { createBehaviors, type ServiceBehaviors } from './behavior.ts'
import { createTokenIssuer, type TokenIssuer } from './tokens/issuer.ts'
import type { Cluster } from './tokens/cluster.ts'
import type { IdentityDomain } from './identity-domain.ts'
import type { Instance } from './x509/instance.ts'

/** Who may get tokens of the simulator, and how those injectFailures who give them. */
export interface CredentialOptions {
  /** Whose tokens are believed; one that nobody else has, when absent. */
  issuer?: TokenIssuer
  /** The machine that the metadata service tells of. */
  instance?: Instance
  /** The cluster whose pods may get tokens. */
  cluster?: Cluster
  /** The identity domain that exchanges tokens of others for its own. */
  domain?: IdentityDomain
  /** How the services injectFailures; a test may change it at any time. */
  behaviors?: ServiceBehaviors
}

/** The same, once every choice is made. */
export interface Credentials {
  issuer: TokenIssuer
  instance: Instance | undefined
  cluster: Cluster | undefined
  domain: IdentityDomain | undefined
  behaviors: ServiceBehaviors
}

/** Makes the choices that were left open. */
export function chooseCredentials(options: CredentialOptions, now: () => number): Credentials {
  const { issuer = createTokenIssuer({ now }), behaviors = createBehaviors() } = options
  const { instance, cluster, domain } = options
  return { issuer, instance, cluster, domain, behaviors }
}
