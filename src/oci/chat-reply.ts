import * as v from 'valibot'
import type { ChatReply } from '../chat/model.ts'
import { extractFromReply } from '../chat/tool-call-text.ts'
import { ApiError } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { ChatPlan } from './chat-plan.ts'
import type { OciContext } from './context.ts'
import { type ErrorBody, readErrorJson } from './error-body.ts'
import { decodeError, type FailedCall } from './error.ts'
import { lenient, Numeric } from './foreign-json.ts'
import { readJson } from './read-json.ts'
import { redactorOf } from './redact.ts'
import type { ThoughtSignatures } from './thought-signatures.ts'

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
  if (isError(json)) throw errorInside(json, plan, response)
  const { format, names, alternatives } = plan
  const reply = format.decodeReply(json, {
    names,
    signatures,
    alternatives,
    randomId: platform.randomId,
    noteUnknownFinish: unknownFinishNoter(plan, platform),
  })
  return plan.parseToolCallsFromText ? extractFromReply(reply, platform) : reply
}

/** Logs the finish reasons that nobody knows: they are told to the client as a plain stop. */
export function unknownFinishNoter(
  { model }: Pick<ChatPlan, 'model'>,
  platform: Platform,
): (word: string) => void {
  return (word) =>
    platform.log({ level: 'warn', event: 'unknown_finish_reason', model, word: word.slice(0, 40) })
}

/** An error where an answer should be: its own status counts if it names one. */
export function errorInside(json: unknown, call: FailedCall, response: Response): ApiError {
  const redact = redactorOf(response)
  const body = readErrorJson(502, json, redact)
  const status = statusOf(json) ?? STATUSES.get(body.code ?? '') ?? 502
  const inAnswer: ErrorInAnswer = { ...body, status, isInAnswer: true }
  return decodeError(inAnswer, call, {
    opcRequestId: redact(response.headers.get('opc-request-id') ?? '') || undefined,
  })
}

interface ErrorInAnswer extends ErrorBody {
  isInAnswer: true
}

/** Whether an error came inside an answer with status 200. */
export function isInAnswer(body: ErrorBody): boolean {
  return 'isInAnswer' in body
}

/** OpenAI's words for what has a status of its own elsewhere. */
const STATUSES = new Map([
  ['invalid_request', 400],
  ['invalid_prompt', 400],
  ['context_length_exceeded', 400],
  ['content_filter', 400],
  ['model_not_found', 404],
  ['rate_limit_exceeded', 429],
])

const Numbers = { code: lenient(Numeric), status: lenient(Numeric) }
const NumberedError = v.object({ ...Numbers, error: lenient(v.object(Numbers)) })

/** Named by the outermost layer that does: what a vendor's layer within has for a code is a word. */
function statusOf(json: unknown): number | undefined {
  const { success, output } = v.safeParse(NumberedError, json)
  if (!success) return undefined
  const named = [output.code, output.status, output.error?.code, output.error?.status]
  return named.find((number) => number !== undefined && number >= 400 && number <= 599)
}

/** Whether OCI says what went wrong where an answer should be: in Responses `null` says nothing. */
export function isError(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !('chatResponse' in json) &&
    (('error' in json && json.error !== null) || ('code' in json && 'message' in json))
}
