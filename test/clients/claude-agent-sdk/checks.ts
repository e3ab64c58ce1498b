import { CLAUDE_AGENT_SDK } from '../../../src/clients/claude-agent-sdk.ts'
import type { Check } from '../client.ts'
import { calling } from '../directives.ts'
import { checksOf, scriptOf } from '../library.ts'
import { SNIPPETS } from './snippets.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }

const EDIT = calling('Edit', { file_path: 'notes.txt', old_string: 'seven', new_string: 'eight' })

/** Simulated tool calls and failures of OCI; not on the page. */
const PROVOKED: readonly Check[] = [
  {
    name: 'reads and edits a file',
    files: NOTES,
    steps: [{
      run: script(
        `const first = await ask('Look it up ${
          calling('Read', { file_path: 'notes.txt' })
        }', { permissionMode: 'acceptEdits' })
console.log(first.result)
const options = { permissionMode: 'acceptEdits', resume: first.session_id }
console.log((await ask('Change it ${EDIT}', options)).result)`,
      ),
      prints: [/The tools answered: .*opens at seven/, /The tools answered: .*updated/],
      leaves: { 'work/notes.txt': /^The harbour opens at eight\.$/ },
    }],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: script(`const { is_error, result } = await ask('Hello [[sim:context-length]]')
console.log(is_error, result)`),
      prints: [/^true Prompt is too long/m],
    }],
  },
  {
    name: 'succeeds after a short rate limit',
    steps: [{
      run: script(
        `console.log((await ask('Hello [[sim:status=429 times=2 key=rate]]')).result)`,
      ),
      prints: [/You said: Hello/],
    }],
  },
  {
    name: 'retries after a broken stream',
    steps: [{
      run: script(`console.log((await ask('Hello [[sim:cut-after=4 times=1 key=cut]]')).result)`),
      prints: [/You said: Hello/],
    }],
  },
]

function script(code: string): Check['steps'][number]['run'] {
  return scriptOf(CLAUDE_AGENT_SDK, code)
}

export const CHECKS: readonly Check[] = [...checksOf(CLAUDE_AGENT_SDK, SNIPPETS), ...PROVOKED]
