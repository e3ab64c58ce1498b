import type { ClientDefinition } from './client.ts'

/** Open WebUI reads its environment at its first start. */
export const OPEN_WEBUI: ClientDefinition = {
  name: 'open-webui',
  title: 'Open WebUI',
  api: 'chat',
  files: [],
  env: ({ url, key }) => ({
    OPENAI_API_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: key,
    ENABLE_OLLAMA_API: 'false',
  }),
  tryIt: 'open-webui serve',
}
