import type { ClientDefinition, ClientModel } from './client.ts'
import { Initial, type SettingTree } from './setting.ts'

/** opencode reads JSON with comments and lists only the models of its configuration. */
export const OPENCODE: ClientDefinition = {
  name: 'opencode',
  title: 'opencode',
  api: 'chat',
  files: [{
    path: '.config/opencode/opencode.json',
    alternatives: ['.config/opencode/opencode.jsonc'],
    folder: 'home',
    movedBy: { variable: 'XDG_CONFIG_HOME', replaces: '.config' },
    format: 'jsonc',
    settings: ({ url, key, model, smallModel, models }) => ({
      $schema: new Initial('https://opencode.ai/config.json'),
      model: `oci/${model.id}`,
      small_model: `oci/${smallModel.id}`,
      provider: {
        oci: {
          npm: '@ai-sdk/openai-compatible',
          name: 'OCI',
          options: { baseURL: `${url}/v1`, apiKey: key },
          models: Object.fromEntries(models.map((listed) => [listed.id, opencodeModel(listed)])),
        },
      },
    }),
  }],
  tryIt: 'opencode run "Hello there"',
}

function opencodeModel({ id, images, contextWindow, maxOutputTokens }: ClientModel): SettingTree {
  return {
    name: `${id} on OCI`,
    ...(images && {
      attachment: true,
      modalities: { input: ['text', 'image'], output: ['text'] },
    }),
    limit: { context: contextWindow, output: maxOutputTokens },
  }
}
