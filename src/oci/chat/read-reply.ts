import type { AbortState } from '../../abort.ts'
import type { ChatReply } from '../../chat/model.ts'
import { extractFromReply } from '../../chat/tool-call-text.ts'
import type { Platform, UpstreamResponse } from '../../platform.ts'
import type { Timers } from '../../timeout.ts'
import type { CountedCall } from '../call.ts'
import { selectedRegion } from '../http/response-headers.ts'
import { answeringModel } from '../models/answering-model.ts'
import type { ChatPlan } from './plan.ts'
import type { OciContext } from '../context.ts'
import type { FailedCall } from '../http/error.ts'
import { errorInside, isError } from '../http/error-in-answer.ts'
import { readJson } from '../http/read-json.ts'
import type { ThoughtSignatures } from '../models/thought-signatures.ts'

/** The dependencies of reading an answer; the signatures are those of the client. */
export interface ReadContext extends Pick<OciContext, 'platform' | 'timeouts'> {
  signatures: ThoughtSignatures
  /** The timers of the request. Default: the runtime's. */
  timers?: Timers | undefined
}

/** Reads a complete answer. Throws an error that OCI reports with status 200. */
export async function readReply(
  response: UpstreamResponse,
  plan: ChatPlan,
  { platform, timeouts, signatures, timers }: ReadContext,
  signal: AbortState,
  use?: CountedCall | undefined,
): Promise<ChatReply> {
  const json = await readJson(response, timeouts.idle, signal, timers)
  if (isError(json)) throw errorInside(json, failedCallOf(plan), response)
  use?.servedBy({ region: selectedRegion(response), model: answeringModel(json, plan.model) })
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

/** Returns the data about a chat call for error messages. */
export function failedCallOf(
  { model, profile }: Pick<ChatPlan, 'model' | 'profile'>,
): FailedCall {
  return { model, contextWindow: profile.contextWindow }
}

/** Creates a logger for unknown finish reasons, which clients get as `stop`. */
export function unknownFinishLogger(
  { model }: Pick<ChatPlan, 'model'>,
  platform: Platform,
): (reason: string) => void {
  return (reason) =>
    platform.log({
      level: 'warn',
      event: 'unknown_finish_reason',
      model,
      word: reason.slice(0, 40),
    })
}
