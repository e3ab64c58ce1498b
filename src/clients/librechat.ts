import type { ClientDefinition } from './client.ts'
import { Initial, Items } from './setting.ts'

/** LibreChat reads `librechat.yaml` in its own folder and asks the gateway for the models. */
export const LIBRECHAT: ClientDefinition = {
  name: 'librechat',
  title: 'LibreChat',
  api: 'chat',
  files: [{
    path: 'librechat.yaml',
    folder: 'current folder',
    format: 'yaml',
    settings: ({ url, key, models, smallModel }) => ({
      version: new Initial('1.2.8'),
      cache: new Initial(true),
      endpoints: {
        custom: new Items('name', [{
          name: 'OCI',
          apiKey: key,
          baseURL: `${url}/v1`,
          models: { default: models.map(({ id }) => id), fetch: true },
          titleConvo: true,
          titleModel: smallModel.id,
          modelDisplayLabel: 'OCI',
        }]),
      },
    }),
  }],
}
