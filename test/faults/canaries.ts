import { IDENTITY } from './gateways.ts'

/** Something that must be seen nowhere but where it belongs. */
export interface Canary {
  name: string
  value: string
  /** Where it may be seen: what a model said is the answer. */
  belongs?: Place
}

/** What a client gets, head included, and what the process writes, to either output. */
export type Place = 'answer' | 'log'

/** What every request of the fault rows carries, beside its key. */
export const PROMPT = 'canary-of-a-prompt'
export const COOKIE = 'canary-of-a-cookie'
export const HEADER = 'canary-of-a-header'
export const CLIENT_KEY = 'test-key-1'

/** The canaries of the fault rows. */
const CANARIES: readonly Canary[] = [
  ...linesOf(IDENTITY.privateKey).map((value) => ({ name: 'the key', value })),
  { name: 'the fingerprint', value: IDENTITY.fingerprint },
  { name: 'the tenancy', value: IDENTITY.tenancy },
  { name: 'the user', value: IDENTITY.user },
  { name: 'the compartment', value: IDENTITY.compartment },
  { name: 'the key of a client', value: CLIENT_KEY },
  { name: 'the key of another client', value: 'another-key' },
  { name: 'a prompt', value: PROMPT },
  { name: 'a cookie', value: COOKIE },
  { name: 'another header', value: HEADER },
  { name: 'a signature', value: 'Signature version' },
  { name: 'the id of a key', value: 'keyId=' },
]

/** The names of what a gateway of the fault rows let slip into a text. */
export function leaks(text: string, place: Place): readonly string[] {
  return leaksOf(CANARIES, text, place)
}

/** The names of those canaries that are in a text where they do not belong, however written. */
export function leaksOf(
  canaries: readonly Canary[],
  text: string,
  place: Place,
): readonly string[] {
  const found = canaries.filter(({ value, belongs }) =>
    belongs !== place && spellingsOf(value).some((spelling) => text.includes(spelling))
  )
  return [...new Set(found.map(({ name }) => name))]
}

/** The lines of a key's body that are whole: each of them alone is too much. */
export function linesOf(pem: string): readonly string[] {
  return pem.split('\n').filter((line) => /^[A-Za-z0-9+/]{60,}$/.test(line))
}

function spellingsOf(value: string): readonly string[] {
  return [value, encodeURIComponent(value), btoa(value).replace(/=+$/, '')]
}
