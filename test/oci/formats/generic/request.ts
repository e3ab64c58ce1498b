import {
  type ChatRequest,
  emptyChatRequest,
  type Message,
  type Part,
} from '../../../../src/chat/model.ts'
import type { EncodeOptions } from '../../../../src/oci/formats/format.ts'
import { encodeRequest } from '../../../../src/oci/formats/generic/encode.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { createToolNames } from '../../../../src/oci/formats/request/tool-names.ts'
import { runAtOnce } from '../../../../src/steps.ts'

/** A model that supports everything, with overrides. */
export function profile(part: Partial<ModelProfile> = {}): ModelProfile {
  return {
    vendor: 'acme',
    format: 'GENERIC',
    tokenField: 'maxTokens',
    maxOutputTokens: 4000,
    dedicatedMaxOutputTokens: undefined,
    defaultOutputTokens: 4000,
    contextWindow: undefined,
    unsupportedParameters: [],
    developerRole: false,
    systemRole: 'system',
    inputs: ['text', 'image', 'document', 'audio', 'video'],
    maxImages: undefined,
    tools: true,
    toolsWithFormat: true,
    reasoning: true,
    multipleChoices: true,
    endpoint: 'native',
    parseToolCallsFromText: false,
    streams: true,
    schema: 'native',
    parallelToolCalls: 'grouped',
    emptyToolCallText: undefined,
    ...{ forceSingleStep: false, imageDetail: false },
    jsonObject: 'JSON_OBJECT',
    jsonSchema: 'native',
    ...part,
  }
}

/** A request with the message "Hi" and overrides. */
export function request(part: Partial<ChatRequest> = {}): ChatRequest {
  return {
    ...emptyChatRequest('acme.one'),
    messages: [user([text('Hi')])],
    ...part,
  }
}

export function text(text: string): Extract<Part, { type: 'text' }> {
  return { type: 'text', text }
}

export function user(content: readonly Part[], name?: string): Message {
  return { role: 'user', content, name }
}

export interface Sent {
  /** The request after serialization, without undefined members. */
  body: Record<string, unknown>
  warnings: readonly string[]
}

/** Encodes a request for a model. */
export function send(
  part: Partial<ChatRequest>,
  model: Partial<ModelProfile> = {},
  options: Partial<EncodeOptions> = {},
): Sent {
  const whole = request(part)
  const names = createToolNames(whole.tools.map(({ name }) => name))
  const { chatRequest, warnings } = runAtOnce(encodeRequest(whole, {
    profile: profile(model),
    stream: false,
    names,
    ...options,
  }))
  return { body: JSON.parse(JSON.stringify(chatRequest)), warnings }
}
