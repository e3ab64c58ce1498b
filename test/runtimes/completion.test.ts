import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { completionScript, type Shell } from '../../src/cli/completion/scripts.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** A shell, and the program text that prints the completions of a command line, one in a line. */
interface ShellCase {
  shell: Shell
  command: string
  args: readonly string[]
  /** Installs the shell. */
  install: string
  complete(script: string, words: readonly string[]): string
}

/** Bash splits words at "=", as readline does. */
const bashWords = (words: readonly string[]) =>
  words.flatMap((word) => word.split(/(=)/).filter((part, index) => part !== '' || index === 0))

const SHELLS: readonly ShellCase[] = [
  {
    shell: 'bash',
    command: 'bash',
    args: ['--norc', '--noprofile', '-c'],
    install: 'apt-get install bash',
    complete(script, words) {
      const parts = bashWords(words)
      return `${script}\nCOMP_WORDS=(${parts.map(quote).join(' ')})\nCOMP_CWORD=${
        parts.length - 1
      }\n_oci_gateway oci-gateway\nprintf '%s\\n' "\${COMPREPLY[@]}"`
    },
  },
  {
    shell: 'zsh',
    command: 'zsh',
    args: ['-f', '-c'],
    install: 'apt-get install zsh',
    complete: (script, words) =>
      `compdef() { : }\n_files() { print FILES }\ncompset() { : }\n` +
      `_describe() { print -l -- \${\${(P)3}%%:*} }\n${script}\n` +
      `words=(${words.map(quote).join(' ')})\nCURRENT=${words.length}\n_oci_gateway`,
  },
  {
    shell: 'fish',
    command: 'fish',
    args: ['--no-config', '-c'],
    install: 'apt-get install fish',
    complete: (script, words) => `${script}\ncomplete -C ${quote(words.join(' '))}`,
  },
  {
    shell: 'powershell',
    command: 'pwsh',
    args: ['-NoProfile', '-Command'],
    install: 'see https://aka.ms/install-powershell',
    complete: (script, words) =>
      `${script}\n$line = '${words.join(' ')}'\n` +
      '(TabExpansion2 $line $line.Length).CompletionMatches.CompletionText',
  },
]

const lines: [words: string[], expected: string[]][] = [
  [['oci-gateway', 'config', ''], ['print', 'schema', 'validate']],
  [['oci-gateway', 'serve', '--po'], ['--port']],
]

for (const { shell, command, args, install, complete } of SHELLS) {
  const isInstalled = spawnSync(command, ['-c', 'exit']).error === undefined
  const skip = !isInstalled && `${command} is not installed. To enable it: ${install}`

  describe(`completion ${shell}`, { skip }, () => {
    let folder = ''
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'completion-'))
      const program = `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`
      await writeFile(join(folder, 'oci-gateway'), program, { mode: 0o755 })
      await writeFile(join(folder, 'a file.jsonc'), '{}')
    })
    after(() => rm(folder, { recursive: true, force: true }))

    async function run(words: readonly string[]): Promise<string[]> {
      const text = complete(completionScript(shell), words)
      const { PATH = '' } = process.env
      const env = { ...process.env, PATH: `${folder}${delimiter}${PATH}`, HOME: folder }
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      execFile(command, [...args, text], { env, cwd: folder }, (error, stdout) => {
        if (error) reject(error)
        else resolve(stdout)
      })
      const found = (await promise).split('\n').map((line) => line.split('\t')[0]?.trim() ?? '')
      return found.filter((line) => line !== '').sort()
    }

    for (const [words, expected] of lines) {
      it(`completes ${words.join(' ')}`, async () => {
        assert.deepEqual(await run(words), expected)
      })
    }

    it('completes the value in the same word as a flag', async () => {
      const [value] = await run(['oci-gateway', 'serve', '--auth=resource'])
      // Bash replaces only what follows "=".
      assert.match(value ?? '', shell === 'bash' ? /^resource_principal$/ : /resource_principal$/)
    })

    it('completes names of files', async () => {
      const [file = ''] = await run(['oci-gateway', 'serve', '--config', 'a'])
      assert.match(file, shell === 'zsh' ? /^FILES$/ : /a.* file\.jsonc/)
    })
  })
}

function quote(word: string): string {
  return `'${word}'`
}
