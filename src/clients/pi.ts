import type { ClientDefinition, ClientModel } from './client.ts'
import { Items, type SettingTree } from './setting.ts'

/** pi lists only the models of its configuration. */
export const PI: ClientDefinition = {
  name: 'pi',
  title: 'pi',
  api: 'chat',
  agent: /^pi$/,
  intro:
    'pi works with all three client APIs of the gateway and the same models. Its package was named ' +
    '`@mariozechner/pi-coding-agent` before.',
  limits: [
    'The `baseUrl` of `anthropic-messages` has no `/v1`; those of the other two end with `/v1`.',
    'pi does not list the models of the gateway: add each model to the configuration, with `input` ' +
    'to send images and `"reasoning": true` to send a reasoning effort.',
  ],
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
