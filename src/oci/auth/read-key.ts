import type { Files } from '../../platform.ts'
import { expandHome, readFile } from './read-file.ts'
import { type Settings, unset } from './settings.ts'

/** The PEM text of the key, and what keeps it from being used. */
export interface KeyText {
  text: string
  states: string[]
}

/** Reads the key of the settings; one that is there as text wins over one in a file. */
export async function readKey(
  settings: Settings,
  inFile: boolean,
  files: Files | undefined,
): Promise<KeyText> {
  const found = await findKey(settings, inFile, files)
  if ('state' in found) return { text: '', states: [found.state] }
  // Only a first look, to tell it with everything else; base64 around the PEM would hide it.
  const encrypted = /-----BEGIN ENCRYPTED |4,ENCRYPTED/.test(found.text)
  const states = encrypted && !settings.get('pass_phrase')?.value
    ? [`the key is encrypted and ${unset(inFile, 'pass_phrase')}`]
    : []
  return { text: found.text, states }
}

async function findKey(
  settings: Settings,
  inFile: boolean,
  files: Files | undefined,
): Promise<{ text: string } | { state: string }> {
  const content = settings.get('key_content')
  if (content) return { text: content.value }
  const file = settings.get('key_file')
  if (!file?.value) return { state: unset(inFile, 'key_file', 'key_content') }
  const { value, where } = file
  if (value.includes('BEGIN')) return { state: `${where} holds a key, not the path of one` }
  if (files === undefined) {
    return { state: `${where} names a file, and this runtime has none; use OCI_CLI_KEY_CONTENT` }
  }
  const path = expandHome(value, files.home)
  const text = await readFile(files, path)
  return text === undefined ? { state: `${where} names "${path}", which does not exist` } : { text }
}
