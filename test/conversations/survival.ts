import assert from 'node:assert/strict'
import fc from 'fast-check'
import { RESPONSES } from '../../src/simulator/responses/request.ts'
import { findProblem } from '../../src/simulator/shape.ts'
import { openApp } from '../fuzz/requests.ts'
import { createStrictOci } from '../fuzz/strict-oci.ts'
import { type Conversation, conversations } from './conversations.ts'

/** A model that OCI serves on its OpenAI endpoint only. */
const RELAYED = 'xai.grok-relayed'
/** A model that OCI serves with Responses only. */
const RESPONSES_ONLY = 'xai.grok-4.20-multi-agent'

/** One model of each family that OCI treats differently. */
export const MODELS: readonly string[] = [
  ...['meta.llama-3.3-70b-instruct', 'xai.grok-4', 'google.gemini-2.5-flash', 'openai.gpt-5'],
  ...['cohere.command-r-plus-08-2024', 'cohere.command-a-vision-07-2025'],
  ...['cohere.command-a-reasoning-08-2025', RESPONSES_ONLY, RELAYED],
]

/** Sends a conversation and checks that it survives. */
export type CheckConversation = (conversation: Conversation) => Promise<void>

/**
 * Opens a gateway and returns the check: whatever the history has, the request succeeds, each tool
 * result reaches the model, and OCI gets only fields that it knows.
 */
export async function openCheck(): Promise<CheckConversation> {
  const oci = createStrictOci()
  const app = await openApp([], { oci, models: new Map([[RELAYED, { endpoint: 'openai' }]]) })
  return async ({ path, body, markers }) => {
    oci.reset()
    const response = await app.request(path, { method: 'POST', body: JSON.stringify(body) })
    const text = await response.text()
    assert.equal(response.status, 200, text)
    assert.equal(oci.violation(), undefined)
    const sent = oci.bodies()
    for (const marker of markers) {
      assert.ok(sent.every((sentBody) => sentBody.includes(marker)), `lost: ${marker}`)
    }
    if (body['model'] !== RESPONSES_ONLY || path === '/v1/responses') return
    for (const sentBody of sent) {
      assert.equal(findProblem(RESPONSES, JSON.parse(sentBody)), undefined)
    }
  }
}

/** The property of any history. */
export function survival(
  check: CheckConversation,
  models: readonly string[] = MODELS,
): fc.IAsyncPropertyWithHooks<[Conversation]> {
  return fc.asyncProperty(conversations(models), check)
}
