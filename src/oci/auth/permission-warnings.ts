import { causeOf } from '../../causes/cause.ts'
import { quoteForShell } from '../../causes/shell.ts'
import type { Files, Platform } from '../../platform.ts'

/** Recognizes secrets: private keys, OCI configuration profiles, tokens, API keys of clients. */
const SECRETS = [/PRIVATE KEY-----/, /^\s*\[[^\]\n]+\]/, /^eyJ/, /"apiKeys"/]

/** Kubernetes and Docker mount these files; the operator cannot change their permissions. */
const MOUNTED = /^\/(?:var\/)?run\/secrets\//

/** Permission bits of group and others. */
const OTHERS = 0o077

/**
 * Wraps files to log a warning, once for each path, if other users of the machine can read a file
 * that contains a secret. The warning has the path and the command that fixes it, never the content.
 */
export function withPermissionWarnings(files: Files, log: Platform['log']): Files {
  const warned = new Set<string>()
  return {
    ...files,
    async read(path) {
      const text = await files.read(path)
      if (text === undefined || warned.has(path)) return text
      const mode = await openPermissions(path, text, files)
      if (mode === undefined) return text
      warned.add(path)
      log({
        level: 'warn',
        event: 'open_file_permissions',
        path,
        mode,
        fix: causeOf('open_permissions', { path, mode, quoted: quoteForShell(path) }).fix,
      })
      return text
    },
  }
}

/** The permissions of a file with a secret that other users can read, such as `644`. */
export async function openPermissions(
  path: string,
  text: string,
  files: Files,
): Promise<string | undefined> {
  if (MOUNTED.test(path) || !SECRETS.some((secret) => secret.test(text))) return undefined
  // Unknown permissions are no reason to fail: the file itself was read.
  const mode = await files.mode?.(path).catch(() => undefined)
  return mode === undefined || (mode & OTHERS) === 0 ? undefined : mode.toString(8).padStart(3, '0')
}
