import type { Files, Platform } from '../../platform.ts'

/** What secrets look like: private keys, profiles of an OCI configuration, tokens, client keys. */
const SECRETS = [/PRIVATE KEY-----/, /^\s*\[[^\]\n]+\]/, /^eyJ/, /"apiKeys"/]

/** Kubernetes and Docker mount these; their permissions are not the operator's to change. */
const MOUNTED = /^\/(?:var\/)?run\/secrets\//

/** Group and others. */
const OTHERS = 0o077

/**
 * The same files, with a warning in the log, once for each path, about a file with a secret that
 * other users of the machine can read. The warning has the path and the command that fixes it,
 * never the content.
 */
export function withPermissionWarnings(files: Files, log: Platform['log']): Files {
  const warned = new Set<string>()
  return {
    ...files,
    async read(path) {
      const text = await files.read(path)
      if (text === undefined || warned.has(path) || MOUNTED.test(path)) return text
      if (!SECRETS.some((secret) => secret.test(text))) return text
      // What cannot be found out is no reason to fail: the file itself was read.
      const mode = await files.mode?.(path).catch(() => undefined)
      if (mode === undefined || (mode & OTHERS) === 0) return text
      warned.add(path)
      log({
        level: 'warn',
        event: 'open_file_permissions',
        path,
        mode: mode.toString(8).padStart(3, '0'),
        fix: `chmod 600 ${quoted(path)}`,
      })
      return text
    },
  }
}

/** For a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
