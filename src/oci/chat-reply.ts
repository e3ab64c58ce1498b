import type { ChatReply } from '../chat/model.ts'
import { extractFromReply } from '../chat/tool-call-text.ts'
import { ApiError } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { ChatPlan } from './chat-plan.ts'
import type { OciContext } from './context.ts'
import { readErrorJson } from './error-body.ts'
import { decodeError } from './error.ts'
import { readJson } from './read-json.ts'

/** Reads a whole answer; an error that came with status 200 is still an error. */
export async function readReply(
  response: Response,
  plan: ChatPlan,
  { platform, timeouts }: OciContext,
  signal: AbortSignal,
): Promise<ChatReply> {
  const json = await readJson(response, timeouts.idle, signal)
  if (isError(json)) throw errorInside(json, plan, response)
  const { format, names, alternatives } = plan
  const reply = format.decodeReply(json, {
    names,
    alternatives,
    randomId: platform.randomId,
    noteUnknownFinish: unknownFinishNoter(plan, platform),
  })
  return plan.toolCallText ? extractFromReply(reply, platform) : reply
}

/** Logs the finish reasons that nobody knows: they are told to the client as a plain stop. */
export function unknownFinishNoter(
  { model }: ChatPlan,
  platform: Platform,
): (word: string) => void {
  return (word) =>
    platform.log({ level: 'warn', event: 'unknown_finish_reason', model, word: word.slice(0, 40) })
}

/** An error where an answer should be: its own status counts if it names one. */
export function errorInside(json: unknown, plan: ChatPlan, response: Response): ApiError {
  const body = readErrorJson(502, json)
  const named = Number(body.code)
  const status = named >= 400 && named <= 599 ? named : 502
  return decodeError({ ...body, status }, plan, {
    opcRequestId: response.headers.get('opc-request-id') ?? undefined,
  })
}

function isError(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !('chatResponse' in json) &&
    ('error' in json || ('code' in json && 'message' in json))
}
