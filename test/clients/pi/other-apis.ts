import { plainTree } from '../../../src/cli/merge/plan-edits.ts'
import type { Connection } from '../../../src/clients/client.ts'
import { piModel } from '../../../src/clients/pi.ts'

/** pi's models with providers for the other two APIs. */
export function otherApis({ url, key, model }: Connection): string {
  const provider = { apiKey: key, models: [plainTree(piModel(model))] }
  const config = {
    providers: {
      'oci-responses': { baseUrl: `${url}/v1`, api: 'openai-responses', ...provider },
      'oci-messages': { baseUrl: url, api: 'anthropic-messages', ...provider },
    },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
