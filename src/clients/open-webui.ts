import type { ClientDefinition } from './client.ts'

/** Open WebUI reads its environment at its first start. */
export const OPEN_WEBUI: ClientDefinition = {
  name: 'open-webui',
  title: 'Open WebUI',
  api: 'chat',
  intro: 'Open WebUI uses chat completions and lists the models of the gateway.',
  limits: [
    'It reads the variables at its first start only. Later, change the connection in its settings under Connections.',
    'In a container, `127.0.0.1` is the container: use the address of the host, such as `host.docker.internal`, and set `HOST` and `GATEWAY_API_KEYS` of the gateway.',
  ],
  files: [],
  env: ({ url, key }) => ({
    OPENAI_API_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: key,
    ENABLE_OLLAMA_API: 'false',
  }),
  tryIt: 'open-webui serve',
}
