import type { Configuration, Settings } from '../client.ts'

/** `~/.config/opencode/opencode.json`; a project's `opencode.json` is merged with it. */
export function configure({ url, key }: Settings): Configuration {
  const config = {
    $schema: 'https://opencode.ai/config.json',
    model: 'oci/xai.grok-4.3',
    small_model: 'oci/meta.llama-3.3-70b-instruct',
    provider: {
      oci: {
        npm: '@ai-sdk/openai-compatible',
        name: 'OCI',
        options: { baseURL: `${url}/v1`, apiKey: key },
        models: {
          'xai.grok-4.3': {
            name: 'Grok 4.3 on OCI',
            attachment: true,
            modalities: { input: ['text', 'image'], output: ['text'] },
            limit: { context: 1_000_000, output: 16_000 },
          },
          'meta.llama-3.3-70b-instruct': {
            name: 'Llama 3.3 on OCI',
            limit: { context: 128_000, output: 4_000 },
          },
        },
      },
    },
    autoupdate: false,
    share: 'disabled',
  }
  const path = '.config/opencode/opencode.json'
  return { files: { [path]: `${JSON.stringify(config, null, 2)}\n` }, env: {} }
}
