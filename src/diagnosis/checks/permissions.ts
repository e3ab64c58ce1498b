import { configPath } from '../../config/source.ts'
import { quoteForShell } from '../../causes/shell.ts'
import { openPermissions } from '../../oci/auth/permission-warnings.ts'
import { expandHome } from '../../oci/auth/read-file.ts'
import { type Finding, ok, skip, warn } from '../finding.ts'
import type { Session } from '../session.ts'

/** Whether other users of the machine can read files with secrets. */
export async function checkPermissions(session: Session): Promise<Finding> {
  const { files } = session.machine
  const paths = await secretPaths(session)
  if (paths.length === 0) return skip('no file is used')
  for (const path of paths) {
    const text = await files.read(path).catch(() => undefined)
    const mode = text === undefined ? undefined : await openPermissions(path, text, files)
    if (mode !== undefined) {
      return warn('open_permissions', { path, mode, quoted: quoteForShell(path) })
    }
  }
  return ok(paths.length === 1 ? paths[0] ?? '' : `${paths.length} files`)
}

async function secretPaths(session: Session): Promise<string[]> {
  const { machine } = session
  const selected = await session.selection()
  const source = selected.type === 'done' ? selected.value.source : undefined
  const named = [
    configPath(machine.env),
    source?.path,
    source?.settings.get('key_file')?.value,
    source?.settings.get('security_token_file')?.value,
  ]
  return named.flatMap((path) => path ? [expandHome(path, machine.files.home)] : [])
}
