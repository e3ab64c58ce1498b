import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseArguments, wholeNumber } from '../../src/cli/parse-arguments.ts'

const syntax = {
  options: {
    json: { type: 'boolean', description: 'Print JSON' },
    port: { type: 'integer', description: 'A port', value: 'PORT', short: 'p' },
    name: { type: 'string', description: 'A name' },
    image: { type: 'list', description: 'Images', value: 'FILE' },
    shell: { type: 'string', description: 'A shell', choices: ['bash', 'zsh'] },
    size: { type: 'string', description: 'A size', rule: wholeNumber('a size', 1, 99) },
  },
  positionals: [{ name: 'MODEL', description: 'a model', isRequired: true }],
} as const

const unset = {
  json: false,
  port: undefined,
  name: undefined,
  image: [],
  shell: undefined,
  size: undefined,
}

describe('parseArguments()', () => {
  const valid: [args: string, values: object, positionals: string[]][] = [
    ['m', {}, ['m']],
    ['--json m --port 80', { json: true, port: 80 }, ['m']],
    ['m -p 80 --name=a=b', { port: 80, name: 'a=b' }, ['m']],
    ['--name one --name two m', { name: 'two' }, ['m']],
    ['--image one m --image=two', { image: ['one', 'two'] }, ['m']],
    ['m --size 99', { size: '99' }, ['m']],
    ['--shell zsh -- --json', { shell: 'zsh' }, ['--json']],
  ]
  for (const [args, values, positionals] of valid) {
    it(`parses ${args}`, () => {
      assert.deepEqual(parseArguments(args.split(' '), syntax), {
        values: { ...unset, ...values },
        positionals,
      })
    })
  }

  const invalid: [args: string, message: string][] = [
    ['', 'MODEL is missing: a model'],
    ['m other', 'Unexpected argument "other"'],
    ['m --jsn', 'Unknown flag "--jsn". Did you mean --json?'],
    ['m --model', 'Unknown flag "--model". Known: '],
    ['m -x', 'Unknown flag "-x". Known: --json, --port, --name, --image, --shell'],
    ['m --json=yes', '--json takes no value'],
    ['m --port', '--port needs a value: --port PORT'],
    ['m --name=', '--name needs a value: --name TEXT'],
    ['m --image', '--image needs a value: --image FILE'],
    ['m --port eighty', '--port must be a whole number'],
    ['m --port=-1', '--port must be a whole number'],
    ['m --shell bsh', 'Unknown value of --shell "bsh". Did you mean bash?'],
    ['m --size 0', '--size must be a size from 1 to 99'],
    ['m --size=1e1', '--size must be a size from 1 to 99'],
    ['m --hlep', 'Unknown flag "--hlep". Did you mean --help?'],
    ['m --versoin', 'Unknown flag "--versoin". Did you mean --version?'],
    ['m --help=1', '--help takes no value'],
    ['m --constructor', 'Unknown flag "--constructor"'],
  ]
  for (const [args, message] of invalid) {
    it(`refuses ${args || 'no arguments'}`, () => {
      assert.throws(() => parseArguments(args.split(' ').filter(Boolean), syntax), (error) => {
        assert.ok(error instanceof Error && error.message.startsWith(message), String(error))
        return true
      })
    })
  }
})
