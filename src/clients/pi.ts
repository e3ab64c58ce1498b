import type { ClientDefinition, ClientModel } from './client.ts'
import { Items, type SettingTree } from './setting.ts'

/** pi lists only the models of its configuration. */
export const PI: ClientDefinition = {
  name: 'pi',
  title: 'pi',
  api: 'chat',
  files: [
    {
      path: '.pi/agent/models.json',
      folder: 'home',
      format: 'json',
      settings: ({ url, key, models }) => ({
        providers: {
          oci: {
            baseUrl: `${url}/v1`,
            api: 'openai-completions',
            apiKey: key,
            models: new Items('id', models.map(piModel)),
          },
        },
      }),
    },
    {
      path: '.pi/agent/settings.json',
      folder: 'home',
      format: 'json',
      settings: ({ model }) => ({ defaultProvider: 'oci', defaultModel: model.id }),
    },
  ],
  tryIt: 'pi -p "Hello there"',
}

/** A model in pi's list. */
export function piModel(model: ClientModel): SettingTree {
  return {
    id: model.id,
    name: `${model.id} on OCI`,
    reasoning: model.reasoning,
    input: model.images ? ['text', 'image'] : ['text'],
    contextWindow: model.contextWindow,
    maxTokens: model.maxOutputTokens,
  }
}
