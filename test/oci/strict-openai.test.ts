import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { ApiError } from '../../src/errors.ts'
import { planChat } from '../../src/oci/chat/plan.ts'
import { readErrorJson } from '../../src/oci/http/error-body.ts'
import { inferQuirk } from '../../src/oci/models/learned-quirks.ts'
import { type ModelProfile, modelProfile } from '../../src/oci/models/profiles.ts'
import { decodeRequest } from '../../src/openai/chat/decode.ts'
import { ChatCompletionRequest } from '../../src/openai/chat/schema.ts'
import {
  CHAT_COMPLETION,
  type ChatCompletionRequest as SimulatedChat,
} from '../../src/simulator/openai/chat-request.ts'
import { validateChat } from '../../src/simulator/openai/chat-rules.ts'
import type { ServiceError } from '../../src/simulator/service-error.ts'
import { RESPONSES, type ResponsesRequest } from '../../src/simulator/responses/request.ts'
import { validateResponses } from '../../src/simulator/responses/rules.ts'
import type { ResolvedModel } from '../../src/simulator/resolve-model.ts'
import { findProblem, type Shape } from '../../src/simulator/shape.ts'
import { runAtOnce } from '../../src/steps.ts'
import { type FuzzedRequest, fuzzedRequests } from '../fuzz/conversations.ts'
import { COMPARTMENT } from './context.ts'

const MODELS = [
  ...['xai.grok-4', 'xai.grok-3-mini', 'google.gemini-2.5-pro', 'openai.gpt-oss-120b'],
  ...['openai.gpt-4.1', 'openai.gpt-5', 'meta.llama-4-maverick-17b-128e-instruct-fp8'],
]

/** A format, the shape of requests that OpenAI's endpoint accepts, and the vendors' rules. */
type Strict = [
  format: ModelProfile['format'],
  shape: Shape,
  validate: (body: object, target: ResolvedModel) => ServiceError | undefined,
]

// The rules are only applied to requests of the right shape.
const formats: Strict[] = [
  [
    'CHAT_COMPLETIONS',
    CHAT_COMPLETION,
    (body, target) => validateChat(body as SimulatedChat, target),
  ],
  [
    'RESPONSES',
    RESPONSES,
    (body, target) => validateResponses(body as ResponsesRequest, [], target),
  ],
]

describe('planChat()', () => {
  for (const [format, shape, validate] of formats) {
    it(`sends nothing that OpenAI's endpoint rejects, as ${format}`, () => {
      let sent = 0
      fc.assert(
        fc.property(fuzzedRequests(MODELS), (chat) => {
          const body = bodyOf(chat, format)
          if (body === undefined) return
          sent++
          assert.equal(findProblem(shape, body), undefined)
          const error = validate(body, targetOf(chat.model))
          assert.ok(error === undefined || isExpected(error, chat.model), error?.message)
        }),
        { numRuns: 400 },
      )
      assert.ok(sent > 120, `${sent} sent`)
    })
  }
})

/** Whether an error reveals a quirk, or is about a number that the client chose. */
function isExpected({ status, message, body }: ServiceError, model: string): boolean {
  const errorBody = readErrorJson(status, body ?? { message })
  return inferQuirk(errorBody, modelProfile(model)) !== undefined ||
    /value out of range/.test(message)
}

/** Returns the body of a request, or nothing if the gateway rejects the request. */
function bodyOf(chat: FuzzedRequest, format: ModelProfile['format']): object | undefined {
  const { success, output } = v.safeParse(ChatCompletionRequest, JSON.parse(JSON.stringify(chat)))
  if (!success) return undefined
  const { model } = chat
  const target = { model, profile: { ...modelProfile(model), format }, compartmentId: COMPARTMENT }
  try {
    const { body } = runAtOnce(
      planChat(decodeRequest(output).request, target, chat['stream'] === true),
    )
    return JSON.parse(new TextDecoder().decode(body))
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return undefined
    throw error
  }
}

function targetOf(name: string): ResolvedModel {
  const inputs: ResolvedModel['model']['inputs'] = ['TEXT', 'IMAGE', 'DOCUMENT', 'AUDIO', 'VIDEO']
  return {
    model: { name, capability: 'CHAT', contextWindow: 1e6, inputs, reasoning: true, created: '' },
    ...{ requestedId: name, answeredId: name },
    directives: new Map(),
    maxOutputTokens: Infinity,
  }
}
