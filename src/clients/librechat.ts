import type { ClientDefinition } from './client.ts'
import { Initial, Items } from './setting.ts'

/** LibreChat reads `librechat.yaml` in its own folder and asks the gateway for the models. */
export const LIBRECHAT: ClientDefinition = {
  name: 'librechat',
  title: 'LibreChat',
  api: 'chat',
  intro: 'LibreChat uses chat completions through a custom endpoint.',
  limits: [
    'Run the command in the folder of LibreChat, or name it with `--home`.',
    'In a container, `127.0.0.1` is the container: use the address of the host, such as `host.docker.internal`, with `--url`, and set `HOST` and `GATEWAY_API_KEYS` of the gateway.',
    '`fetch: true` replaces the models of the file with those that the gateway lists.',
  ],
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
