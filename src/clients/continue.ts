import type { ClientDefinition, ClientModel, Connection } from './client.ts'
import { Initial, Items, type SettingTree } from './setting.ts'

/** Continue: its extensions and its command line `cn` read the same file. */
export const CONTINUE: ClientDefinition = {
  name: 'continue',
  title: 'Continue',
  api: 'chat',
  intro:
    'Continue uses chat completions. Its extensions for editors and its command line `cn` read the same file.',
  limits: [
    'Continue does not list the models of the gateway: add each model to the configuration.',
    '`tool_use` in `capabilities` lets its agent call tools, `image_input` lets it send images.',
  ],
  files: [{
    path: '.continue/config.yaml',
    folder: 'home',
    movedBy: { variable: 'CONTINUE_GLOBAL_DIR', replaces: '.continue' },
    format: 'yaml',
    settings: (connection) => ({
      name: new Initial('OCI'),
      version: new Initial('1.0.0'),
      schema: new Initial('v1'),
      models: new Items(
        'name',
        connection.models.map((model) => continueModel(model, connection)),
      ),
    }),
  }],
  tryIt: 'cn -p "Hello there"',
}

function continueModel(
  { id, tools, images, contextWindow, maxOutputTokens }: ClientModel,
  { url, key }: Connection,
): SettingTree {
  return {
    name: `${id} on OCI`,
    provider: 'openai',
    model: id,
    apiBase: `${url}/v1`,
    apiKey: key,
    roles: ['chat', 'edit', 'apply'],
    capabilities: [...(tools ? ['tool_use'] : []), ...(images ? ['image_input'] : [])],
    defaultCompletionOptions: { contextLength: contextWindow, maxTokens: maxOutputTokens },
  }
}
