import { POLICIES } from '../../causes/policies.ts'
import { exportCommand, quoteForShell } from '../../causes/shell.ts'
import type { ApiError } from '../../errors.ts'
import type { Principal } from '../../oci/auth/principal.ts'
import { loginCommand } from '../../oci/auth/session-profile.ts'
import type { Source } from '../../oci/auth/source.ts'
import { type Attempt, attempt, fail, type Finding, ok, skip } from '../finding.ts'
import { placeOfKey } from '../local.ts'
import { acceptingRegion, listOtherRegions, regionOfBearerKey } from '../other-regions.ts'
import { calledAddresses } from '../remote.ts'
import type { Session } from '../session.ts'
import { callAnyModel } from './any-model.ts'
import { explainCall, hasStatus, isAnswer } from './call-failure.ts'

/** Whether OCI accepts the credential. */
export async function checkAuthentication(session: Session): Promise<Finding> {
  const [principal, setup] = [await session.principal(), await session.setup()]
  if (principal.type === 'failed') return explainCredential(principal.error, session)
  if (setup.type === 'failed') return explainCredential(setup.error, session)
  if (!await isReachable(session)) return skip('no connection to OCI')
  const isListing = await canList(session)
  if (!isListing && !session.options.callsModel) return skip('only a call of a model can show it')
  const made = isListing ? await session.models() : await callAnyModel(session)
  if (made.type === 'done' || isOther(made)) return ok(`OCI accepts ${principal.value.source}`)
  // A rejected session is renewed first, which fails too.
  return hasStatus(made.error, 401) || made.error.code === 'upstream_auth_error'
    ? await explain(principal.value, session)
    : await explainCall(made.error, session)
}

/** Names what the earlier checks have not found. */
function explainCredential({ message, reason }: ApiError, session: Session): Finding {
  // The check of the token has explained an expired session, or OCI cannot be reached.
  if (session.hasFailed() || reason === 'session_expired') return skip('needs the credential')
  const variable = /Set (OCI_\w+)$/.exec(message)?.[1]
  const change = reason === 'missing_variable' && variable !== undefined
    ? exportCommand(variable, EXAMPLES.get(variable) ?? 'VALUE')
    : 'oci setup config'
  return fail('unusable_credential', { problem: message, change })
}

const EXAMPLES = new Map([
  ['OCI_REGION', 'us-chicago-1'],
  ['OCI_COMPARTMENT_ID', 'ocid1.compartment.oc1..UNIQUE_ID'],
])

/** Any answer but 401 comes after the check of the credential. */
function isOther(made: Attempt<unknown>): boolean {
  return made.type === 'failed' && isAnswer(made.error) && !hasStatus(made.error, 401)
}

/** Whether calls without a signature get an answer, and not a page of the network. */
export async function isReachable(session: Session): Promise<boolean> {
  const endpoints = await session.endpoints()
  if (endpoints === undefined) return false
  const [address] = calledAddresses(endpoints)
  if (address === undefined) return false
  const answer = await session.probe(address)
  return answer.type === 'answered' && !answer.isPage
}

/** Whether the credential and the configuration permit to list models. */
export async function canList(session: Session): Promise<boolean> {
  const [setup, endpoints] = [await session.setup(), await session.endpoints()]
  const isBearer = setup.type === 'done' && setup.value.scheme === 'bearer'
  return !isBearer && endpoints?.canList === true
}

async function explain(principal: Principal, session: Session): Promise<Finding> {
  const selected = await session.selection()
  const region = await session.region() ?? principal.region
  const name = region?.id ?? ''
  if (principal.credential.scheme === 'bearer') {
    const working = await regionOfBearerKey(session)
    return working === undefined
      ? fail('genai_key_not_accepted', { region: name, policy: POLICIES.genAiApiKey })
      : fail('genai_key_of_other_region', { region: name, working })
  }
  const answers = await attempt(() => listOtherRegions(session))
  const others = answers.type === 'done' ? answers.value : []
  const working = acceptingRegion(others)
  if (working !== undefined) return fail('region_not_subscribed', { region: name, working })
  const alternative = others.length > 0
    ? ''
    : `, or the tenancy is not subscribed to the region ${name}`
  const source = selected.type === 'done' ? selected.value.source : undefined
  if (source === undefined) {
    const { advice } = principal.credential
    return fail('principal_not_accepted', { name: principal.source, advice: advice?.refused ?? '' })
  }
  return selected.type === 'done' && selected.value.kind === 'security_token'
    ? fail('session_not_accepted', { others: alternative, login: loginCommand(source, region) })
    : await explainKey(source, alternative, session)
}

async function explainKey(source: Source, others: string, session: Session): Promise<Finding> {
  const key = await session.privateKey()
  const fingerprint = key.type === 'done' ? key.value.fingerprint : ''
  const { path, place } = placeOfKey(source, session.machine)
  const command = path === undefined
    ? `printenv ${place} | openssl rsa -pubout`
    : `openssl rsa -pubout -in ${quoteForShell(path)}`
  return fail('key_not_accepted', { fingerprint, others, command })
}
