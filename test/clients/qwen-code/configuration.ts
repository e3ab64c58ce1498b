import type { Configuration, Settings } from '../client.ts'

/** The environment variables of each API, and `~/.qwen/settings.json`. */
export function configure({ url, key }: Settings): Configuration {
  const settings = {
    security: { auth: { selectedType: 'openai' } },
    model: { name: 'xai.grok-4.3' },
    tools: { useRipgrep: false },
    privacy: { usageStatisticsEnabled: false },
    general: { enableAutoUpdate: false },
  }
  return {
    files: { '.qwen/settings.json': `${JSON.stringify(settings, null, 2)}\n` },
    env: {
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: key,
      OPENAI_MODEL: 'xai.grok-4.3',
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_MODEL: 'xai.grok-4.3',
    },
  }
}
