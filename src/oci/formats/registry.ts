import { CHAT_COMPLETIONS } from './chat-completions/format.ts'
import { COHERE } from './cohere/format.ts'
import { COHERE2 } from './cohere2/format.ts'
import type { ChatFormat } from './format.ts'
import { GENERIC } from './generic/format.ts'
import type { ModelProfile } from '../models/profiles.ts'
import { RESPONSES } from './responses/format.ts'

/** OCI's native formats by the names of its API, and the two of its OpenAI endpoint. */
export const FORMATS: Readonly<Record<ModelProfile['format'], ChatFormat>> = {
  GENERIC,
  COHERE,
  COHEREV2: COHERE2,
  CHAT_COMPLETIONS,
  RESPONSES,
}
