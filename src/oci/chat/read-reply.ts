import type { ChatReply } from '../../chat/model.ts'
import { extractFromReply } from '../../chat/tool-call-text.ts'
import type { Platform } from '../../platform.ts'
import type { ChatPlan } from './plan.ts'
import type { OciContext } from '../context.ts'
import type { FailedCall } from '../http/error.ts'
import { errorInside, isError } from '../http/error-in-answer.ts'
import { readJson } from '../http/read-json.ts'
import type { ThoughtSignatures } from '../models/thought-signatures.ts'

/** What reading an answer needs; the signatures are those of the client. */
export interface ReadContext extends Pick<OciContext, 'platform' | 'timeouts'> {
  signatures: ThoughtSignatures
}

/** Reads a whole answer; an error that came with status 200 is still an error. */
export async function readReply(
  response: Response,
  plan: ChatPlan,
  { platform, timeouts, signatures }: ReadContext,
  signal: AbortSignal,
): Promise<ChatReply> {
  const json = await readJson(response, timeouts.idle, signal)
  if (isError(json)) throw errorInside(json, failedCallOf(plan), response)
  const { format, names, alternatives } = plan
  const reply = format.decodeReply(json, {
    names,
    signatures,
    alternatives,
    randomId: platform.randomId,
    onUnknownFinish: unknownFinishLogger(plan, platform),
  })
  return plan.parseToolCallsFromText ? extractFromReply(reply, platform) : reply
}

/** What an error message says about a chat call. */
export function failedCallOf(
  { model, profile }: Pick<ChatPlan, 'model' | 'profile'>,
): FailedCall {
  return { model, contextWindow: profile.contextWindow }
}

/** Logs the finish reasons that nobody knows: they are told to the client as a plain stop. */
export function unknownFinishLogger(
  { model }: Pick<ChatPlan, 'model'>,
  platform: Platform,
): (word: string) => void {
  return (word) =>
    platform.log({ level: 'warn', event: 'unknown_finish_reason', model, word: word.slice(0, 40) })
}
