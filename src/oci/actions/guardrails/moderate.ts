import type { ModerationRequest, ModerationVerdict } from '../../../moderation/model.ts'
import { checkUpstreamCalls } from '../../../limits.ts'
import { callAction } from '../call-action.ts'
import { type Answer, joinRequestIds } from '../../answer.ts'
import type { CallContext } from '../../call.ts'
import type { OciContext } from '../../context.ts'
import { inParallel } from '../../async/in-parallel.ts'
import { decodeVerdict } from './decode.ts'
import { encodeSubject } from './encode.ts'
import { ApplyGuardrailsResult } from './wire.ts'

/** Calls of one request that are under way at once. */
const AT_ONCE = 4

/** A verdict on each subject, in their order. */
export async function moderate(
  { subjects }: ModerationRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<readonly ModerationVerdict[]>> {
  // One call judges one subject: OCI's list of inputs gets a single verdict.
  checkUpstreamCalls(subjects.length, 'input', oci.limits)
  const answers = await inParallel(subjects, AT_ONCE, call.signal, (subject, signal) => {
    const body = encodeSubject(subject, oci.compartmentId)
    const action = { name: 'applyGuardrails', body, answer: ApplyGuardrailsResult } as const
    return callAction(action, oci, { ...call, signal })
  })
  return {
    value: answers.map(({ value }) => decodeVerdict(value)),
    opcRequestId: joinRequestIds(answers),
    warnings: [],
  }
}
