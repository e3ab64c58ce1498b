import { type Context, Hono } from 'hono'
import { isModelAllowed } from '../access/model-patterns.ts'
import { ApiError } from '../errors.ts'
import { checkModelName } from '../limits.ts'
import type { ListedModel } from '../oci/models/list.ts'
import { encodeModel, encodeModelList, type ModelCard } from '../openai/models.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { abortWithClient } from './abort-with-client.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'

/**
 * `GET /models`, with `?retired=true` including retired models, and `GET /models/{id}`, where an id
 * may contain slashes.
 */
export function models({ oci, total }: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .get('/models', async (c) => {
      const call = callContext(c, abortWithClient(c, total))
      const list = await oci.listModels(call)
      const includeRetired = c.req.query('retired') === 'true'
      const listed = list.models.filter((model) =>
        (includeRetired || !model.retired) && isAllowed(c, model)
      )
      return c.json(encodeModelList(listed.map(cardOf)), 200, replyHeaders(list))
    })
    .get('/models/:id{.+}', async (c) => {
      const id = c.req.param('id')
      checkModelName(id)
      const call = callContext(c, abortWithClient(c, total))
      const model = await oci.findModel(id, call)
      if (model && isAllowed(c, model)) return c.json(encodeModel(cardOf(model)))
      throw new ApiError(
        'model_not_found',
        `No such model: "${id}". GET /v1/models lists the available models`,
        { param: 'model' },
      )
    })
    .all('/models/:id{.+}', methodNotAllowed('GET'))
    .all('/models', methodNotAllowed('GET'))
}

/** Whether the client's key may use a model. */
function isAllowed(
  c: Context<GatewayEnvironment>,
  { id, aliasOf = id, name }: ListedModel,
): boolean {
  const patterns = c.get('identity')?.key.models ?? []
  return isModelAllowed(patterns, { requested: id, model: aliasOf, name })
}

function cardOf({ profile, ...model }: ListedModel): ModelCard {
  return {
    ...model,
    owner: profile.vendor,
    contextWindow: profile.contextWindow,
    outputLimit: profile.maxOutputTokens,
    inputs: profile.inputs,
    tools: profile.tools,
    reasoning: profile.reasoning,
  }
}
