import assert from 'node:assert/strict'
import type {
  AssistantMessage,
  ChatRequest,
  Message,
  Tool,
  ToolCall,
} from '../../../../src/chat/model.ts'
import { COHERE } from '../../../../src/oci/formats/cohere/format.ts'
import { COHERE2 } from '../../../../src/oci/formats/cohere2/format.ts'
import type { ChatFormat, EncodeOptions } from '../../../../src/oci/formats/format.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { checkFields } from '../../../../src/simulator/check-fields.ts'
import { runAtOnce } from '../../../../src/steps.ts'
import { profile, request, type Sent, text } from '../generic/request.ts'

/** Encodes a request in the COHERE format and checks its fields. */
export function send(part: Partial<ChatRequest>, model: Partial<ModelProfile> = {}): Sent {
  return sendIn(COHERE, part, { format: 'COHERE', schema: 'portable', ...model })
}

/** Encodes a request in the COHEREV2 format and checks its fields. */
export function send2(part: Partial<ChatRequest>, model: Partial<ModelProfile> = {}): Sent {
  return sendIn(COHERE2, part, { format: 'COHEREV2', schema: 'portable', ...model })
}

function sendIn(
  format: ChatFormat,
  part: Partial<ChatRequest>,
  model: Partial<ModelProfile>,
  options: Partial<EncodeOptions> = {},
): Sent {
  const whole = request(part)
  const names = format.createToolNames(whole.tools.map(({ name }) => name))
  const encoded = runAtOnce(format.encodeRequest(whole, {
    profile: profile(model),
    stream: false,
    names,
    ...options,
  }))
  const body = JSON.parse(JSON.stringify(encoded.chatRequest))
  const servingMode = { servingType: 'ON_DEMAND', modelId: 'm' }
  const details = { compartmentId: 'c', servingMode, chatRequest: body }
  assert.equal(checkFields('ChatDetails', details), undefined)
  return { body, warnings: encoded.warnings }
}

/** Only the named members of the encoded request. */
export function pick(body: Sent['body'], ...keys: string[]): object {
  return Object.fromEntries(
    keys.filter((key) => body[key] !== undefined).map((key) => [key, body[key]]),
  )
}

export function system(words: string): Message {
  return { role: 'system', content: [text(words)], name: undefined }
}

export function assistant(words: string, ...toolCalls: ToolCall[]): AssistantMessage {
  return {
    role: 'assistant',
    content: words === '' ? [] : [text(words)],
    reasoning: undefined,
    refusal: undefined,
    toolCalls,
    name: undefined,
  }
}

export function call(id: string, name: string, args: string = '{}'): ToolCall {
  return { id, name, arguments: args }
}

export function result(toolCallId: string, words: string): Message {
  return { role: 'tool', toolCallId, content: [text(words)] }
}

export function tool(name: string, part: Partial<Tool> = {}): Tool {
  return { name, description: undefined, parameters: undefined, strict: false, ...part }
}
