import type { Files } from '../../platform.ts'
import { expandHome, readFile } from './read-file.ts'
import { type Settings, unset } from './settings.ts'

/** The PEM text of the key and the problems that prevent its use. */
export interface KeyText {
  text: string
  states: string[]
}

/** Reads the private key. Its text in `key_content` takes precedence over `key_file`. */
export async function readKey(
  settings: Settings,
  inFile: boolean,
  files: Files | undefined,
): Promise<KeyText> {
  const found = await findKey(settings, inFile, files)
  if ('state' in found) return { text: '', states: [found.state] }
  // An early check, so that the problem is listed with all others. It misses base64-encoded PEM.
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
  if (value.includes('BEGIN')) return { state: `${where} contains a key instead of a path` }
  if (files === undefined) {
    return {
      state: `${where} names a file, but this runtime has no file system; set OCI_CLI_KEY_CONTENT`,
    }
  }
  const path = expandHome(value, files.home)
  const text = await readFile(files, path)
  return text === undefined ? { state: `${where} names "${path}", which does not exist` } : { text }
}
