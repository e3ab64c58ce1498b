import { quoteForShell } from '../../causes/shell.ts'
import type { ApiError } from '../../errors.ts'
import { isOcid, normalizeFingerprint } from '../../oci/auth/principal.ts'
import { expandHome } from '../../oci/auth/read-file.ts'
import type { Source } from '../../oci/auth/source.ts'
import { importPrivateKey } from '../../oci/signing/private-key.ts'
import { attempt, fail, type Finding, ok, skip } from '../finding.ts'
import { placeOfKey } from '../local.ts'
import { isAcceptedElsewhere } from '../other-regions.ts'
import { changeSetting, placeOfSetting, type Session } from '../session.ts'
import { explainUnreadable } from './credential.ts'

/** The file in which "oci setup config" saves a key. */
const DEFAULT_KEY = '~/.oci/oci_api_key.pem'

/** Whether the private key can be read and decrypted. */
export async function checkKey(session: Session): Promise<Finding> {
  const selected = await session.selection()
  if (selected.type === 'failed') return skip('no credential is selected')
  const { kind, source } = selected.value
  if (source === undefined) return skip(`${kind} has no key of a user`)
  const key = await session.privateKey()
  const { place, path } = placeOfKey(source, session.machine)
  if (key.type === 'done') return ok(`RSA key in ${place}`)
  return await explainKey(key.error, { source, session, place, path })
}

interface KeyContext {
  source: Source
  session: Session
  /** For messages: a quoted path or a variable. */
  place: string
  path: string | undefined
}

async function explainKey(error: ApiError, context: KeyContext): Promise<Finding> {
  const { source, place, path } = context
  const { message, reason } = error
  const quoted = quoteForShell(path ?? 'key.pem')
  const change = () => keyFileChange(context)
  switch (reason) {
    case 'unreadable_file':
      return explainUnreadable(message, error.cause, placeOfSetting('key_file', source))
    case 'no_key':
      return await explainMissing(message, context)
    case 'no_pem':
      return fail('key_no_pem', { place, change: await change() })
    case 'unsupported_pem':
      return message.includes('OpenSSH')
        ? fail('key_openssh', { place, quoted })
        : fail('key_no_pem', { place, change: await change() })
    case 'truncated':
      return fail('key_truncated', { place, change: await change() })
    case 'public_key':
      return fail('key_public', { place, change: await change() })
    case 'not_rsa':
      return fail('key_not_rsa', { place })
    case 'passphrase_missing':
      return fail('passphrase_missing', { place, change: passphraseChange(source) })
    case 'bad_passphrase': {
      const setting = placeOfSetting('pass_phrase', source)
      return fail('passphrase_wrong', { place, setting, change: passphraseChange(source) })
    }
    case 'unsupported_encryption':
    case 'pbkdf2_iterations':
    case 'key_derivation_limit':
      return fail('key_encryption', { place, problem: withoutCommand(message), quoted })
    case 'bad_der':
      return fail('key_damaged', { place, change: await change() })
  }
  return fail('unusable_credential', { problem: message, change: 'oci setup config' })
}

function withoutCommand(message: string): string {
  return message.replace(/^Cannot [^:]*: /, '').replace(/\. Convert it with: .*$/, '')
}

async function explainMissing(problem: string, context: KeyContext): Promise<Finding> {
  const { source, path } = context
  const setting = placeOfSetting('key_file', source)
  if (problem.includes('which does not exist') && path !== undefined) {
    return fail('key_missing', { setting, path, change: await keyFileChange(context) })
  }
  return fail('key_not_set', { problem, change: await keyFileChange(context) })
}

/** The line that names another key file: one that exists, if there is one. */
async function keyFileChange({ source, session, path }: KeyContext): Promise<string> {
  const [other] = await otherKeys(path ?? '', source, session)
  return changeSetting('key_file', other?.path ?? '/path/of/the/private_key.pem', source)
}

/** Private keys in files that probably belong to the configured one. */
async function otherKeys(
  own: string,
  source: Source,
  { machine: { files } }: Session,
): Promise<readonly { path: string; text: string }[]> {
  // Neither quotation marks nor variables of a shell mean anything in OCI's configuration file.
  const plain = own.replace(/^["'](.*)["']$/, '$1').replace(/^\$(?:HOME\b|\{HOME\})/, '~')
  const name = plain.split(/[\\/]/).at(-1) ?? ''
  const candidates = [
    expandHome(plain, files.home),
    ...source.path === undefined ? [] : [source.path.replace(/[^\\/]*$/, '') + name],
    own.replace(/[._-]?public(?=\.pem$)|\.pub$/, ''),
    own.replace(/public/, 'private'),
    expandHome(DEFAULT_KEY, files.home),
  ]
  const found = await Promise.all(
    candidates.filter((path) => path !== '' && path !== own).map(async (path) => {
      const text = await files.read(path).catch(() => undefined)
      return text?.includes('PRIVATE KEY') ? [{ path, text }] : []
    }),
  )
  return found.flat()
}

function passphraseChange(source: Source): string {
  return changeSetting('pass_phrase', 'PASSPHRASE', source)
}

/** Whether the configured fingerprint is that of the key. */
export async function checkFingerprint(session: Session): Promise<Finding> {
  const selected = await session.selection()
  if (selected.type === 'failed') return skip('no credential is selected')
  const { kind, source } = selected.value
  if (kind !== 'api_key' || source === undefined) return skip(`${kind} has no fingerprint`)
  const key = await session.privateKey()
  const configured = normalizeFingerprint(source.settings.get('fingerprint')?.value ?? '')
  if (key.type === 'failed' || configured === undefined) return skip('needs the key')
  const computed = key.value.fingerprint
  if (configured === computed) return ok(`${computed}, as configured`)
  const isAcceptedKey = await isAccepted(computed, key.value.key, source, session)
  const place = placeOfKey(source, session.machine)
  const values = { configured, computed, setting: placeOfSetting('key_file', source) }
  const path = isAcceptedKey === true
    ? undefined
    : await findKeyFile(configured, { source, session, ...place })
  if (path !== undefined) {
    return fail('key_file_of_other_key', {
      ...{ ...values, path, change: changeSetting('key_file', path, source) },
    })
  }
  if (isAcceptedKey === false) {
    const change = await keyFileChange({ source, session, ...place })
    return fail('key_of_other_fingerprint', { ...values, change })
  }
  const change = changeSetting('fingerprint', computed, source)
  return isAcceptedKey === undefined
    ? fail('fingerprint_unconfirmed', { ...values, change })
    : fail('fingerprint_mismatch', { configured, computed, change })
}

/** The file of the key with the configured fingerprint, if there is one. */
async function findKeyFile(
  fingerprint: string,
  { source, session, path }: KeyContext,
): Promise<string | undefined> {
  const passphrase = source.settings.get('pass_phrase')?.value || undefined
  for (const other of await otherKeys(path ?? '', source, session)) {
    const key = await attempt(() => importPrivateKey(other.text, passphrase))
    if (key.type === 'done' && key.value.fingerprint === fingerprint) return other.path
  }
  return undefined
}

/** Whether OCI accepts the key with its own fingerprint; `undefined` if it cannot be asked. */
async function isAccepted(
  fingerprint: string,
  key: CryptoKey,
  { settings }: Source,
  session: Session,
): Promise<boolean | undefined> {
  const [tenancy, user] = [settings.get('tenancy')?.value, settings.get('user')?.value]
  if (!tenancy || !user || !isOcid(tenancy) || !isOcid(user)) return undefined
  const signing = { keyId: `${tenancy}/${user}/${fingerprint}`, key }
  const accepted = await session.isAccepted(signing, tenancy)
  // A region to which the tenancy is not subscribed rejects all of its keys.
  return accepted === false ? await isAcceptedElsewhere(signing, tenancy, session) : accepted
}
