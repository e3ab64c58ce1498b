import { createDemoIdentity, type DemoIdentity } from './identity.ts'
import type { TokenIssuer } from './tokens/issuer.ts'

/** A user with a session token from a browser login. */
export interface SessionIdentity extends DemoIdentity {
  token: string
}

/** A function, container or job on OCI and its environment variables. */
export interface ResourceIdentity extends DemoIdentity {
  token: string
  environment: Readonly<Record<string, string>>
}

export interface SessionOptions {
  now?: () => number
  /** Seconds until the token expires. */
  lifetime?: number
  /** Seconds after the login during which tokens can be refreshed. */
  session?: number
}

/** Creates a user with a session token. The simulator accepts the token but not the API key. */
export async function createSessionIdentity(
  issuer: TokenIssuer,
  { now = Date.now, lifetime = 3_600, session = 86_400 }: SessionOptions = {},
): Promise<SessionIdentity> {
  const identity = await createDemoIdentity()
  const claims = {
    ...{ sub: identity.user, tenant: identity.tenancy, ttype: 'login', ptype: 'user' },
    sess_exp: new Date(now() + session * 1000).toUTCString().replace('GMT', 'UTC'),
  }
  return await withToken(identity, issuer, claims, lifetime)
}

/** Creates a resource principal 2.2, whose environment contains its token and key as text. */
export async function createResourceIdentity(
  issuer: TokenIssuer,
  { lifetime = 3_600 }: SessionOptions = {},
): Promise<ResourceIdentity> {
  const identity = await createDemoIdentity()
  const { tenancy, compartment } = identity
  const claims = {
    ...{ sub: 'ocid1.fnfunc.oc1..simulator', ttype: 'res', res_type: 'fnfunc' },
    ...{ res_tenant: tenancy, res_compartment: compartment },
  }
  const session = await withToken(identity, issuer, claims, lifetime)
  const environment = {
    OCI_RESOURCE_PRINCIPAL_VERSION: '2.2',
    OCI_RESOURCE_PRINCIPAL_RPST: session.token,
    OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: identity.privateKey,
    OCI_RESOURCE_PRINCIPAL_REGION: 'us-chicago-1',
  }
  return { ...session, environment }
}

async function withToken(
  identity: DemoIdentity,
  issuer: TokenIssuer,
  claims: Readonly<Record<string, string>>,
  lifetime: number,
): Promise<SessionIdentity> {
  const key = [...identity.publicKeys.values()][0]
  const token = await issuer.issue(claims, key, lifetime)
  return { ...identity, token, keyId: `ST$${token}`, publicKeys: new Map() }
}
