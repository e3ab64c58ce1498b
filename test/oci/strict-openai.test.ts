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
import { findChatRefusal } from '../../src/simulator/openai/chat-rules.ts'
import type { Refusal } from '../../src/simulator/refusal.ts'
import { RESPONSES, type ResponsesRequest } from '../../src/simulator/responses/request.ts'
import { findResponsesRefusal } from '../../src/simulator/responses/rules.ts'
import type { Serving } from '../../src/simulator/serving.ts'
import { findProblem, type Shape } from '../../src/simulator/shape.ts'
import { type FuzzedRequest, fuzzedRequests } from '../fuzz/conversations.ts'
import { COMPARTMENT } from './context.ts'

const MODELS = [
  ...['xai.grok-4', 'xai.grok-3-mini', 'google.gemini-2.5-pro', 'openai.gpt-oss-120b'],
  ...['openai.gpt-4.1', 'openai.gpt-5', 'meta.llama-4-maverick-17b-128e-instruct-fp8'],
]

/** A format, the shape that OpenAI's endpoint holds its requests to, and the vendors' rules behind it. */
type Strict = [
  format: ModelProfile['format'],
  shape: Shape,
  findRefusal: (body: object, serving: Serving) => Refusal | undefined,
]

// The shapes have been checked when the rules are asked.
const formats: Strict[] = [
  [
    'CHAT_COMPLETIONS',
    CHAT_COMPLETION,
    (body, serving) => findChatRefusal(body as SimulatedChat, serving),
  ],
  [
    'RESPONSES',
    RESPONSES,
    (body, serving) => findResponsesRefusal(body as ResponsesRequest, [], serving),
  ],
]

describe('planChat()', () => {
  for (const [format, shape, findRefusal] of formats) {
    it(`sends nothing that OpenAI's endpoint refuses, as ${format}`, () => {
      let sent = 0
      fc.assert(
        fc.property(fuzzedRequests(MODELS), (asked) => {
          const body = bodyOf(asked, format)
          if (body === undefined) return
          sent++
          assert.equal(findProblem(shape, body), undefined)
          const refusal = findRefusal(body, servingOf(asked.model))
          assert.ok(refusal === undefined || isForeseen(refusal, asked.model), refusal?.message)
        }),
        { numRuns: 1_000 },
      )
      assert.ok(sent > 300, `${sent} sent`)
    })
  }
})

/** A refusal that teaches a quirk, or of a number that the client made up. */
function isForeseen({ status, message, body }: Refusal, model: string): boolean {
  const told = readErrorJson(status, body ?? { message })
  return inferQuirk(told, modelProfile(model)) !== undefined || /value out of range/.test(message)
}

/** What is sent of a request; nothing of one that is refused before. */
function bodyOf(asked: FuzzedRequest, format: ModelProfile['format']): object | undefined {
  const { success, output } = v.safeParse(ChatCompletionRequest, JSON.parse(JSON.stringify(asked)))
  if (!success) return undefined
  const { model } = asked
  const target = { model, profile: { ...modelProfile(model), format }, compartmentId: COMPARTMENT }
  try {
    const { body } = planChat(decodeRequest(output).request, target, asked['stream'] === true)
    return JSON.parse(new TextDecoder().decode(body))
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return undefined
    throw error
  }
}

function servingOf(name: string): Serving {
  const inputs: Serving['model']['inputs'] = ['TEXT', 'IMAGE', 'DOCUMENT', 'AUDIO', 'VIDEO']
  return {
    model: { name, capability: 'CHAT', context: 1e6, inputs, reasoning: true, created: '' },
    named: name,
    directives: new Map(),
    outputCap: Infinity,
  }
}
