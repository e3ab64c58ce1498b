import type { ModerationSubject } from '../../../moderation/model.ts'
import type { ApplyGuardrailsDetails, GuardrailConfigs, GuardrailsInput } from './wire.ts'

const CATEGORIES = ['OVERALL', 'BLOCKLIST']
const PERSONAL = ['PERSON', 'EMAIL', 'TELEPHONE_NUMBER']

/** Requests every guardrail; personal information is detected in texts only. */
export function encodeSubject(
  subject: ModerationSubject,
  compartmentId: string,
): ApplyGuardrailsDetails {
  const parts = subject.map(encodePart)
  const [first] = parts
  const isText = subject.every(({ type }) => type === 'text')
  const guardrailConfigs: GuardrailConfigs = {
    contentModerationConfig: { categories: CATEGORIES },
    personallyIdentifiableInformationConfig: isText ? { types: PERSONAL } : undefined,
    promptInjectionConfig: {},
  }
  const input = parts.length === 1 ? first : undefined
  return { compartmentId, input, multimodalInput: input ? undefined : parts, guardrailConfigs }
}

function encodePart(part: ModerationSubject[number]): GuardrailsInput {
  switch (part.type) {
    case 'text':
      return { type: 'TEXT', content: part.text }
    case 'image':
      return { type: 'IMAGE', imageUrl: { url: part.url } }
  }
}
