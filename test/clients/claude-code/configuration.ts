import type { Configuration, Settings } from '../client.ts'

/** The environment it is started in; `env` in `~/.claude/settings.json` does the same. */
export function configure({ url, key }: Settings): Configuration {
  return {
    files: {},
    env: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    },
  }
}
