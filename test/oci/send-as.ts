import type { ChatRequest } from '../../src/chat/model.ts'
import type { ChatFormat, EncodeOptions } from '../../src/oci/formats/format.ts'
import type { ModelProfile } from '../../src/oci/models/profiles.ts'
import { profile, request, type Sent } from './formats/generic/request.ts'

/** What is sent in a format of a request for a model, of both of which a part is particular. */
export function sendAs(
  format: ChatFormat,
  part: Partial<ChatRequest>,
  model: Partial<ModelProfile> = {},
  options: Partial<EncodeOptions> = {},
): Sent {
  const whole = request(part)
  const { chatRequest, warnings } = format.encodeRequest(whole, {
    profile: profile(model),
    stream: false,
    names: format.createToolNames(whole.tools.map(({ name }) => name)),
    ...options,
  })
  return { body: JSON.parse(JSON.stringify(chatRequest)), warnings }
}
