import { errorBodyOf } from '../../oci/http/error.ts'
import { fail, type Finding, ok, skip } from '../finding.ts'
import type { Session } from '../session.ts'
import { explainModel } from './aliases.ts'
import { callAnyModel } from './any-model.ts'
import { canList } from './authentication.ts'
import { explainDenial, policyOf } from './authorization.ts'
import { explainCall, hasStatus, isAnswer } from './call-failure.ts'

/** Whether a model answers the smallest chat. */
export async function checkChat(session: Session): Promise<Finding> {
  if (!session.options.callsModel) return skip('no call of a model (--no-call)')
  const setup = await session.setup()
  if (setup.type === 'failed') return skip('needs the credential')
  const models = await session.models()
  const isListing = await canList(session)
  const made = await callAnyModel(session)
  if (made.type === 'done') return ok(`${made.model} answers (one call, one token of output)`)
  const { error, model } = made
  // Other checks name the cause of these.
  if (hasStatus(error, 401)) return skip('needs an accepted credential')
  if (!isAnswer(error) && session.hasFailed()) return skip('OCI has not answered')
  if (error.reason === 'not_configured') return skip('no inference endpoint is configured')
  if (isListing && models.type === 'failed') return skip('needs the list of models')
  if (!hasStatus(error, 404)) return await explainCall(error, session)
  const isBearer = setup.value.scheme === 'bearer'
  if (session.options.model !== undefined || isBearer || isUnknownModel(error)) {
    return await explainModel(model, '--model', session)
  }
  if (!isListing) return await explainDenial(setup.value, session)
  return fail('use_not_allowed', { policy: await policyOf(session) })
}

/** OCI's text for a name that it does not know; other 404s may be about permissions. */
function isUnknownModel(error: unknown): boolean {
  return /entity with key|model/i.test(errorBodyOf(error)?.message ?? '')
}
