import { ANSWER_CAUSES } from './answers.ts'
import { CLIENT_CAUSES } from './client.ts'
import { CONFIGURATION_CAUSES } from './configuration.ts'
import { CREDENTIAL_CAUSES } from './credential.ts'
import { GATEWAY_CAUSES } from './gateway.ts'
import { KEY_CAUSES } from './key.ts'
import { NETWORK_CAUSES } from './network.ts'

/**
 * What is wrong, as a sentence without a full stop, and how to fix it: a command or a line to paste.
 * A name in braces stands for a value: `{host}`.
 */
export interface CauseText {
  wrong: string
  fix: string
}

/** All causes that the gateway explains, for its error messages and for `oci-gateway doctor`. */
export const CAUSES = {
  ...CONFIGURATION_CAUSES,
  ...CREDENTIAL_CAUSES,
  ...KEY_CAUSES,
  ...NETWORK_CAUSES,
  ...ANSWER_CAUSES,
  ...CLIENT_CAUSES,
  ...GATEWAY_CAUSES,
} as const satisfies Readonly<Record<string, CauseText>>

export type CauseId = keyof typeof CAUSES

/** A cause with the values of one case. */
export interface Cause extends CauseText {
  id: CauseId
}

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

/** The values of a cause by their names. */
export type CauseValues<Id extends CauseId> = Readonly<
  Record<NamesIn<typeof CAUSES[Id]['wrong' | 'fix']>, string>
>

/** Fills the values of one case into a cause. */
export function causeOf<Id extends CauseId>(id: Id, values: CauseValues<Id>): Cause {
  const { wrong, fix } = CAUSES[id]
  return { id, wrong: fill(wrong, values), fix: fill(fix, values) }
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
