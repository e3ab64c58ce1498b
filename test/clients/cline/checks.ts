import type { Check } from '../client.ts'
import { calling } from '../directives.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const EDIT = `Change it ${
  calling('editor', { path: 'notes.txt', old_text: 'seven', new_text: 'eight' })
}`
const PATCH = `Change it ${
  calling('apply_patch', {
    input: '*** Begin Patch\n*** Update File: notes.txt\n@@\n-The harbour opens at seven.\n' +
      '+The harbour opens at eight.\n*** End Patch',
  })
}`
const READ = `Look it up ${calling('run_commands', { commands: ['cat notes.txt'] })}`
const EDITED = { 'work/notes.txt': /^The harbour opens at eight\.$/ }

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question',
    steps: [{
      run: ['Hello there'],
      prints: [/speaking as xai\.grok-4\.3\. You said: Hello there/],
      sends: [/"isStream":true/],
    }],
  },
  {
    name: 'prints an answer as it arrives, with its token usage',
    steps: [{
      run: ['--json', 'Hello there'],
      prints: [/"content_start".*"text":" there"/, /"inputTokens":[1-9]\d*,"outputTokens":[1-9]/],
    }],
  },
  {
    name: 'edits a file',
    files: NOTES,
    steps: [{ run: [EDIT], prints: [/The tools answered: .*"success":true/], leaves: EDITED }],
  },
  {
    name: 'runs a command and returns its output',
    files: NOTES,
    steps: [{ run: [READ], prints: [/The tools answered: .*The harbour opens at seven/] }],
  },
  {
    name: 'sends a reasoning effort and shows the reasoning',
    files: NOTES,
    steps: [{
      run: ['--model', 'openai.gpt-oss-120b', '--thinking', 'high', READ],
      prints: [/\[thinking\]/, /The tools answered: .*The harbour opens at seven/],
      sends: [/"reasoningEffort":"HIGH"/],
    }],
  },
  {
    name: 'patches a file through Responses',
    files: NOTES,
    steps: [{
      run: ['--provider', 'openai-native', PATCH],
      prints: [/The tools answered: .*"success":true/],
      leaves: EDITED,
    }],
  },
  {
    name: 'reports an unknown model',
    steps: [{
      run: ['--model', 'xai.grok-5000', 'Hello there'],
      exit: 1,
      prints: [/error:.* Cannot find the model "xai\.grok-5000"/],
    }],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: ['Hello [[sim:context-length]]'],
      exit: 1,
      prints: [/exceeds the model's context window/],
    }],
  },
  {
    name: 'succeeds after a short rate limit',
    steps: [{
      run: ['Hello [[sim:status=429 times=2 key=rate]]'],
      prints: [/You said: Hello/],
    }],
  },
  {
    name: 'reports a broken stream',
    steps: [{
      run: ['Hello [[sim:cut-after=4]]'],
      exit: 1,
      prints: [/stream was interrupted: connection lost/],
    }],
  },
]
