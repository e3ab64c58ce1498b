import { quoteForShell } from '../../causes/shell.ts'
import type { ApiError } from '../../errors.ts'
import { isOcid, normalizeFingerprint } from '../../oci/auth/principal.ts'
import { expandHome } from '../../oci/auth/read-file.ts'
import type { Source } from '../../oci/auth/source.ts'
import { fail, type Finding, ok, skip } from '../finding.ts'
import { placeOfKey } from '../local.ts'
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
  const { files } = session.machine
  const own = path ?? ''
  const candidates = [
    own.replace(/[._-]?public(?=\.pem$)|\.pub$/, ''),
    own.replace(/public/, 'private'),
    expandHome(DEFAULT_KEY, files.home),
  ]
  for (const candidate of candidates) {
    if (candidate === '' || candidate === own) continue
    const text = await files.read(candidate).catch(() => undefined)
    if (text?.includes('PRIVATE KEY')) return changeSetting('key_file', candidate, source)
  }
  const isDefault = own === expandHome(DEFAULT_KEY, files.home)
  return changeSetting('key_file', isDefault ? '/path/of/the/private_key.pem' : DEFAULT_KEY, source)
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
  if (await isAccepted(computed, key.value.key, source, session) !== false) {
    const change = changeSetting('fingerprint', computed, source)
    return fail('fingerprint_mismatch', { configured, computed, change })
  }
  return fail('key_of_other_fingerprint', {
    ...{ configured, computed, setting: placeOfSetting('key_file', source) },
    change: await keyFileChange({ source, session, ...placeOfKey(source, session.machine) }),
  })
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
  return await session.isAccepted({ keyId: `${tenancy}/${user}/${fingerprint}`, key }, tenancy)
}
