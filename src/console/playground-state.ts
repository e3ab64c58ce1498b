import type { PromptForm, Turn } from './client-request.ts'
import type { Model } from './data.ts'
import type { Run } from './run-prompt.ts'

/** What the playground holds between two views. */
export interface PlaygroundState {
  form: PromptForm
  prompt: string
  /** A `data:` URL. */
  image: string | undefined
  turns: readonly Turn[]
  run: Run | undefined
}

export const EMPTY_PLAYGROUND: PlaygroundState = {
  form: {
    ...{ api: 'chat', model: '', system: '', tools: '', schema: '' },
    ...{ maxTokens: '', temperature: '' },
  },
  prompt: '',
  image: undefined,
  turns: [],
  run: undefined,
}

/** Models that every tenancy may use are tried first. */
const PREFERRED = ['xai.grok-4.3', 'openai.gpt-oss-120b', 'meta.llama-3.3-70b-instruct']

/** The model that is selected at first. */
export function firstModel(models: readonly Model[]): string {
  const known = PREFERRED.find((id) => models.some((model) => model.id === id))
  const own = models.find(({ root, capabilities }) => root === undefined && capabilities?.tools)
  return known ?? own?.id ?? models[0]?.id ?? ''
}
