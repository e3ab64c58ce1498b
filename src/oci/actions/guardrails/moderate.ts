import type {
  ModerationRequest,
  ModerationSubject,
  ModerationVerdict,
} from '../../../moderation/model.ts'
import { checkUpstreamCalls } from '../../../limits.ts'
import { callAction } from '../call-action.ts'
import { type Answer, joinAnswers } from '../../answer.ts'
import type { CallContext, Prompt } from '../../call.ts'
import type { OciContext } from '../../context.ts'
import { inParallel } from '../../async/in-parallel.ts'
import { decodeVerdict } from './decode.ts'
import { encodeSubject } from './encode.ts'
import { ApplyGuardrailsResult } from './wire.ts'

/** Concurrent calls of one request. */
const MAX_CONCURRENT_CALLS = 4

/** The name of OCI's guardrails in prices and in the ledger. */
const GUARDRAILS = 'oci-guardrails'

/** Moderates each subject. Verdicts are in the order of the subjects. */
export async function moderate(
  { subjects }: ModerationRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<readonly ModerationVerdict[]>> {
  // One call per subject: OCI returns a single verdict for a list of inputs.
  checkUpstreamCalls(subjects.length, 'input', oci.limits)
  const prompts = subjects.map(promptOf)
  call.meter?.announce(prompts)
  const answers = await inParallel(
    subjects,
    MAX_CONCURRENT_CALLS,
    call.signal,
    async (subject, signal) => {
      const { meter, compartmentId = oci.compartmentId } = call
      const reserved = await meter?.reserve({
        ...{ model: GUARDRAILS, endpoint: 'native', calls: 1, answers: 0, hasTokens: false },
        prompt: promptOf(subject),
      })
      const body = encodeSubject(subject, compartmentId)
      const action = { name: 'applyGuardrails', body, response: ApplyGuardrailsResult } as const
      return await callAction({ ...action, reserved }, oci, { ...call, signal })
    },
  )
  return joinAnswers(answers, answers.map(({ value }) => decodeVerdict(value)))
}

function promptOf(subject: ModerationSubject): Prompt {
  const texts = subject.flatMap((part) => part.type === 'text' ? [part.text] : [])
  return { type: 'texts', texts, images: subject.length - texts.length }
}
