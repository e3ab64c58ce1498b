import { type DirectiveName, DIRECTIVES, type Directives } from './directives.ts'

/** What was read, and the first word that is no directive. */
export interface DirectiveReading {
  directives: Directives
  unknown: string | undefined
}

interface Word {
  written: string
  name: string
  value: string
}

const NAMES = new Map<string, DirectiveName>(
  Object.keys(DIRECTIVES).filter(isDirective).map((name) => [name, name]),
)
/** Longer names first: `finish-text` is not `finish` with the value `text`. */
const IN_A_NAME = new RegExp(`^(${[...NAMES.keys()].sort().reverse().join('|')})(?:-(.+))?$`)

/** Reads `[[sim:name=value other]]` wherever it stands, and gives back the text without it. */
export function readDirectives(text: string): DirectiveReading & { text: string } {
  const words = [...text.matchAll(/\[\[sim:([^\]]*)\]\]/g)]
    .flatMap(([, inside = '']) => inside.split(/[\s;]+/).filter(Boolean))
    .map((written) => {
      const [name = '', ...value] = written.split('=')
      return { written, name, value: value.join('=') }
    })
  return { ...collect(words), text: text.replaceAll(/\s?\[\[sim:[^\]]*\]\]/g, '').trim() }
}

/** Reads the end of a model's name, behind `.sim-`: `status-429.times-2`. */
export function readNameDirectives(ending: string): DirectiveReading {
  return collect(
    ending.split('.').map((written) => {
      const [, name = '', value = ''] = IN_A_NAME.exec(written) ?? []
      return { written, name, value }
    }),
  )
}

/** Those of the message add to those of the name, and win over them. */
export function mergeDirectives(named: Directives, written: Directives): Directives {
  return new Map([...named, ...written])
}

function collect(words: readonly Word[]): DirectiveReading {
  const unknown = words.find((word) => !isUsable(word))?.written
  const groups = Map.groupBy(words, ({ name }) => NAMES.get(name) ?? 'key')
  const directives = [...groups].map(([name, group]) =>
    [name, group.map(({ value }) => value)] as const
  )
  return { unknown, directives: new Map(unknown === undefined ? directives : []) }
}

function isUsable({ name, value }: Word): boolean {
  const known = NAMES.get(name)
  if (known === undefined) return false
  switch (DIRECTIVES[known].takes) {
    case 'nothing':
      return value === ''
    case 'number':
      return /^\d{1,9}$/.test(value)
    case 'text':
      return true
  }
}

function isDirective(word: string): word is DirectiveName {
  return Object.hasOwn(DIRECTIVES, word)
}
