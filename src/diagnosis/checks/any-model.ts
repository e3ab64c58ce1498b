import { CATALOGUE } from '../../oci/models/catalogue.ts'
import type { ListedModel } from '../../oci/models/list.ts'
import type { Attempt } from '../finding.ts'
import type { Session } from '../session.ts'
import { ownAliases } from './aliases.ts'
import { hasStatus } from './call-failure.ts'

/** Models to try until one answers: a tenancy may have no access to some. */
const MAX_MODELS = 3

/** The model that was called, and whether it has answered. */
export type ModelCall = Attempt<{ model: string }> & { model: string }

/** Calls the requested model, or models of the list until one answers. */
export async function callAnyModel(session: Session): Promise<ModelCall> {
  const [first = '', ...others] = await candidates(session)
  let made = await call(first, session)
  for (const model of others) {
    if (made.type === 'done' || !hasStatus(made.error, 404)) return made
    made = await call(model, session)
  }
  return made
}

async function call(model: string, session: Session): Promise<ModelCall> {
  const made = await session.chat(model)
  return made.type === 'done' ? { type: 'done', value: { model }, model } : { ...made, model }
}

/** Prefers models of the operator's aliases, and those that do not reason: they answer at once. */
async function candidates({ options, ...session }: Session): Promise<readonly string[]> {
  if (options.model !== undefined) return [options.model]
  const models = await session.models()
  const chat = models.type === 'done' ? models.value.filter(isChat).map(({ id }) => id) : CATALOGUE
  const settings = await session.settings()
  const aliased = settings.type === 'done'
    ? ownAliases(settings.value.config).map(([, model]) => model)
    : []
  const preferred = [
    ...aliased.filter((model) => chat.includes(model)),
    ...chat.filter((id) => /^(?:meta|openai\.gpt-oss|xai)/.test(id)),
    ...chat,
  ]
  return [...new Set(preferred)].slice(0, MAX_MODELS)
}

function isChat({ tasks, retired }: ListedModel): boolean {
  return tasks.includes('chat') && !retired
}
