import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { filePaths } from '../../src/clients/file-paths.ts'
import { CLIENTS } from '../../src/clients/table.ts'

const FOLDERS = { home: '/home/me', current: '/work' }

const cases: [client: string, env: Record<string, string>, paths: string[]][] = [
  ['codex', {}, ['/home/me/.codex/config.toml']],
  ['codex', { CODEX_HOME: '/data/codex' }, ['/data/codex/config.toml']],
  ['codex', { CODEX_HOME: 'here' }, ['here/config.toml']],
  ['codex', { CODEX_HOME: '' }, ['/home/me/.codex/config.toml']],
  ['opencode', { XDG_CONFIG_HOME: '/etc/xdg' }, [
    '/etc/xdg/opencode/opencode.json',
    '/etc/xdg/opencode/opencode.jsonc',
  ]],
  ['librechat', { CODEX_HOME: '/data' }, ['/work/librechat.yaml']],
]

describe('filePaths()', () => {
  for (const [client, env, paths] of cases) {
    it(`finds the file of ${client} with ${JSON.stringify(env)}`, () => {
      const [file] = CLIENTS.find(({ name }) => name === client)?.files ?? []
      assert.ok(file)
      assert.deepEqual(filePaths(file, { ...FOLDERS, env }), paths)
    })
  }
})
