import type { Configuration, Settings } from '../client.ts'

/** The environment variables; `env` in `~/.claude/settings.json` has the same effect. */
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
