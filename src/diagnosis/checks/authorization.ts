import { POLICIES, policyFor } from '../../causes/policies.ts'
import type { ApiError } from '../../errors.ts'
import type { OciSetup } from '../../oci/context.ts'
import { fail, type Finding, ok, skip, warn } from '../finding.ts'
import { findCompartment } from '../other-regions.ts'
import { valueOf } from '../remote.ts'
import type { Session } from '../session.ts'
import { explainCall, hasStatus, isAnswer } from './call-failure.ts'
import { callAnyModel } from './any-model.ts'
import { canList, isReachable } from './authentication.ts'

/** Whether policies allow the credential to use Generative AI in the compartment. */
export async function checkAuthorization(session: Session): Promise<Finding> {
  const [principal, setup] = [await session.principal(), await session.setup()]
  if (principal.type === 'failed' || setup.type === 'failed') return skip('needs the credential')
  if (!await isReachable(session)) return skip('no connection to OCI')
  if (!await canList(session)) return skip('the models cannot be listed')
  const models = await session.models()
  if (models.type === 'done') return await describe(setup.value, session)
  const { error } = models
  if (!isAnswer(error)) return skip('OCI has not answered')
  if (hasStatus(error, 401)) return skip('needs an accepted credential')
  if (!hasStatus(error, 404) && !hasStatus(error, 403)) return await explainCall(error, session)
  const made = session.options.callsModel ? await callAnyModel(session) : undefined
  if (made?.type === 'done') return warn('list_not_allowed', { policy: await policyOf(session) })
  return made && isOtherFailure(made.error)
    ? await explainCall(made.error, session)
    : await explainDenial(setup.value, session)
}

/** Whether OCI rejects a call for another reason than a missing policy. */
function isOtherFailure(error: ApiError): boolean {
  return isAnswer(error) && ![401, 403, 404].some((status) => hasStatus(error, status))
}

async function describe({ compartmentId }: OciSetup, session: Session): Promise<Finding> {
  const models = valueOf(await session.models()).filter(({ retired }) => !retired)
  if (models.some(({ tasks }) => tasks.includes('chat'))) {
    return ok(`${models.length} models in ${placeName(compartmentId)}`)
  }
  const region = (await session.region())?.id ?? ''
  return fail('no_models', { region, nearest: region })
}

function placeName(compartmentId: string): string {
  return compartmentId.startsWith('ocid1.tenancy.') ? 'the root compartment' : compartmentId
}

/** The statement that allows the credential what it needs, for its compartment. */
export async function policyOf(session: Session): Promise<string> {
  const { credential } = valueOf(await session.principal())
  const { compartmentId } = valueOf(await session.setup())
  return policyFor(credential.advice?.policy ?? POLICIES.user, compartmentId)
}

/**
 * OCI answers a missing policy and an unknown compartment alike. Policies of the root compartment
 * apply to all others, so a compartment that fails while the root works is not in the tenancy.
 */
export async function explainDenial(
  { compartmentId }: OciSetup,
  session: Session,
): Promise<Finding> {
  const { tenancy, source: name } = valueOf(await session.principal())
  if (!/^ocid1\.(?:compartment|tenancy)\./.test(compartmentId)) return skip('needs the compartment')
  const policy = await policyOf(session)
  if (tenancy === undefined || compartmentId === tenancy) {
    return fail('policy_missing_in_root', { name, policy })
  }
  const root = await session.modelsOf(tenancy)
  if (root.type === 'done') return fail('compartment_not_found', { compartment: compartmentId })
  const found = await findCompartment(compartmentId, session)
  return typeof found === 'object'
    ? fail('policy_missing', { name, compartment: `compartment ${found.name}`, policy })
    : fail('policy_or_compartment', { compartment: compartmentId, policy })
}
