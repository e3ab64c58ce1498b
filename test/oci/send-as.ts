import type { ChatRequest } from '../../src/chat/model.ts'
import type { ChatFormat, EncodeOptions } from '../../src/oci/formats/format.ts'
import type { ModelProfile } from '../../src/oci/models/profiles.ts'
import { runAtOnce } from '../../src/steps.ts'
import { profile, request, type Sent } from './formats/generic/request.ts'

/** Encodes a request in a format; `part` and `model` override the request and the profile. */
export function sendAs(
  format: ChatFormat,
  part: Partial<ChatRequest>,
  model: Partial<ModelProfile> = {},
  options: Partial<EncodeOptions> = {},
): Sent {
  const complete = request(part)
  const { chatRequest, warnings } = runAtOnce(format.encodeRequest(complete, {
    profile: profile(model),
    stream: false,
    names: format.createToolNames(complete.tools.map(({ name }) => name)),
    ...options,
  }))
  return { body: JSON.parse(JSON.stringify(chatRequest)), warnings }
}
