import { plainTree } from '../../../src/cli/merge/plan-edits.ts'
import type { Connection } from '../../../src/clients/client.ts'
import { openClawModel } from '../../../src/clients/openclaw.ts'

/** OpenClaw's configuration with providers for the other two APIs, and without updates. */
export function otherApis({ url, key, model }: Connection): string {
  const provider = { apiKey: key, timeoutSeconds: 600, models: [plainTree(openClawModel(model))] }
  const config = {
    models: {
      catalogRefresh: { enabled: false },
      providers: {
        'oci-responses': { baseUrl: `${url}/v1`, api: 'openai-responses', ...provider },
        'oci-messages': { baseUrl: url, api: 'anthropic-messages', ...provider },
      },
    },
    update: { checkOnStart: false },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
