import { appendPath } from '../http/upstream-url.ts'
import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import { requestSigner } from '../signing/request-signer.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import { type AuthAdvice, callAuth, readTokenReply } from './call.ts'
import type { Credential, CredentialAdvice } from '../signing/credential.ts'
import { instancePrincipal } from './instance-principal.ts'
import type { AuthDependencies } from './dependencies.ts'
import { createMetadata } from './metadata.ts'
import { readPathOrText } from './read-file.ts'
import { authService, type Principal } from './principal.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, type Session } from './session.ts'
import { generateSessionKey } from '../signing/key-pair.ts'
import { decodeToken } from './token.ts'
import {
  readAddress,
  readRegion,
  readVariable,
  requireAddress,
  requireVariables,
} from './variables.ts'

/** The versions that need two calls to get a token. */
export type ExchangedVersion = '1.1' | '2.1' | '2.1.1' | '2.1.2'

/** The signing credential, the endpoints and the headers of the two calls. */
interface Bootstrap {
  sign: Credential
  /** The endpoint of the service that owns the resource. */
  tokenUrl: URL
  /** The auth service. */
  sessionService: URL
  headers: Record<string, string>
  region: Principal['region']
}

const PREFIX = 'OCI_RESOURCE_PRINCIPAL_'
const NAME = 'the resource principal'
const ACTION = 'get a token for the resource'

const ResourceToken = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ resourcePrincipalToken: v.string(), servicePrincipalSessionToken: v.string() }),
)

/**
 * Opens a resource principal of version 1.1, which signs as its instance, or 2.1, which has a key of
 * its own. The service that owns the resource issues a token, which the auth service exchanges for a
 * session token.
 */
export async function exchangedResourcePrincipal(
  version: ExchangedVersion,
  dependencies: AuthDependencies,
  advice: CredentialAdvice,
): Promise<Principal> {
  const bootstrap = version === '1.1'
    ? await bootstrapByInstance(dependencies)
    : await bootstrapByKey(version, dependencies)
  const open = async (): Promise<Session> => {
    const { key, publicKey } = await generateSessionKey()
    const text = await exchange(bootstrap, publicKey, dependencies)
    return createSession(
      decodeToken(text, 'the token of the resource'),
      key,
      dependencies.clock.now(),
    )
  }
  const first = await open()
  return {
    credential: renewingCredential(first, open, dependencies, advice),
    tenancy: first.token.tenancy,
    region: bootstrap.region,
    source: `${NAME} of version ${version}`,
  }
}

async function exchange(
  { sign, tokenUrl, sessionService, headers }: Bootstrap,
  sessionPublicKey: string,
  dependencies: AuthDependencies,
): Promise<string> {
  const common = { action: ACTION, sign, advise }
  const issued = v.safeParse(
    ResourceToken,
    await callAuth({ ...common, method: 'GET', url: tokenUrl, headers }, dependencies),
  )
  if (!issued.success) {
    const message = `Cannot ${ACTION}: the response of "${tokenUrl.host}" has no token`
    throw new ApiError('upstream_auth_error', message, { reason: 'bad_token_reply' })
  }
  const text = await callAuth({
    ...common,
    method: 'POST',
    url: appendPath(sessionService, 'v1/resourcePrincipalSessionToken'),
    body: JSON.stringify({ ...issued.output, sessionPublicKey }),
    contentType: 'application/json',
  }, dependencies)
  return readTokenReply(text, ACTION)
}

async function bootstrapByInstance(dependencies: AuthDependencies): Promise<Bootstrap> {
  const { environment } = dependencies
  requireVariables(environment, [`${PREFIX}RPT_ENDPOINT`], NAME)
  const { credential, region } = await instancePrincipal(dependencies)
  const id = readVariable(environment, `${PREFIX}RPT_ID`) ??
    (await createMetadata(dependencies).get('instance/id')).trim()
  return {
    sign: credential,
    tokenUrl: tokenUrl(dependencies, '/20180711/resourcePrincipalToken/{id}', id),
    sessionService: readAddress(environment, `${PREFIX}RPST_ENDPOINT`) ??
      authService(environment, region),
    headers: {},
    region: readRegion(environment, `${PREFIX}REGION`) ?? region,
  }
}

async function bootstrapByKey(
  version: Exclude<ExchangedVersion, '1.1'>,
  dependencies: AuthDependencies,
): Promise<Bootstrap> {
  const { environment, files } = dependencies
  const names = ['RPT_ENDPOINT', 'RPST_ENDPOINT', 'RESOURCE_ID', 'PRIVATE_PEM']
  const tenancy = version === '2.1' ? [] : ['TENANCY_ID']
  const required = [...names, ...tenancy].map((name) => `${PREFIX}${name}`)
  const given = requireVariables(environment, required, NAME)
  const value = (name: string) => given[`${PREFIX}${name}`] ?? ''
  const passphrase = environment[`${PREFIX}PRIVATE_PEM_PASSPHRASE`]
  const { key } = await importPrivateKey(
    await readPathOrText(value('PRIVATE_PEM'), `${PREFIX}PRIVATE_PEM`, files),
    passphrase && await readPathOrText(passphrase, `${PREFIX}PRIVATE_PEM_PASSPHRASE`, files),
  )
  const id = value('RESOURCE_ID')
  const owner = version === '2.1' ? id : `${value('TENANCY_ID')}/${id}`
  const path = version === '2.1.2' ? 'resourcePrincipalTokenV212' : 'resourcePrincipalTokenV2'
  const context = readVariable(environment, `${PREFIX}SECURITY_CONTEXT`)
  return {
    sign: requestSigner({ keyId: `resource/v${version}/${owner}`, key }),
    tokenUrl: tokenUrl(dependencies, `/20180711/${path}/{id}`, id),
    sessionService: requireAddress(environment, `${PREFIX}RPST_ENDPOINT`, NAME),
    headers: context && version === '2.1.2' ? { 'security-context': context } : {},
    region: readRegion(environment, `${PREFIX}REGION`),
  }
}

/** `RPT_PATH` overrides the path. `{id}` stands for the id of the resource or instance. */
function tokenUrl({ environment }: AuthDependencies, defaultPath: string, id: string): URL {
  const base = requireAddress(environment, `${PREFIX}RPT_ENDPOINT`, NAME)
  const path = readVariable(environment, `${PREFIX}RPT_PATH`) ?? defaultPath
  if (/^\.*$/.test(id)) throw badId()
  return appendPath(base, path.replaceAll('{id}', () => encodeURIComponent(id)))
}

/** An id that consists of dots would change the path. */
function badId(): ApiError {
  const message = `Cannot use ${NAME}: the id of the resource or instance is invalid`
  return new ApiError('configuration_error', message, { reason: 'malformed_identity' })
}

function advise(): AuthAdvice {
  return {
    advice: `Check ${PREFIX}RPT_ENDPOINT and ${PREFIX}RPST_ENDPOINT, and that the resource still ` +
      'exists',
  }
}
