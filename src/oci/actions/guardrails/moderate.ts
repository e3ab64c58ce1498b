import type { ModerationRequest, ModerationVerdict } from '../../../moderation/model.ts'
import { checkUpstreamCalls } from '../../../limits.ts'
import { callAction } from '../call-action.ts'
import { type Answer, joinAnswers } from '../../answer.ts'
import type { CallContext } from '../../call.ts'
import type { OciContext } from '../../context.ts'
import { inParallel } from '../../async/in-parallel.ts'
import { decodeVerdict } from './decode.ts'
import { encodeSubject } from './encode.ts'
import { ApplyGuardrailsResult } from './wire.ts'

/** Concurrent calls of one request. */
const MAX_CONCURRENT_CALLS = 4

/** Moderates each subject. Verdicts are in the order of the subjects. */
export async function moderate(
  { subjects }: ModerationRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<readonly ModerationVerdict[]>> {
  // One call per subject: OCI returns a single verdict for a list of inputs.
  checkUpstreamCalls(subjects.length, 'input', oci.limits)
  const answers = await inParallel(
    subjects,
    MAX_CONCURRENT_CALLS,
    call.signal,
    (subject, signal) => {
      const body = encodeSubject(subject, oci.compartmentId)
      const action = { name: 'applyGuardrails', body, response: ApplyGuardrailsResult } as const
      return callAction(action, oci, { ...call, signal })
    },
  )
  return joinAnswers(answers, answers.map(({ value }) => decodeVerdict(value)))
}
