import { defineCommand } from '../command.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import { COMMIT, VERSION } from '../../version.ts'

/** `oci-gateway version` */
export const version = defineCommand({
  options: { json: { type: 'boolean', description: 'Print JSON' } },
  examples: [{ line: 'version', does: 'print the version, the commit and the runtime' }],
  run({ values, host: { stdout, runtime } }) {
    const build = COMMIT === undefined ? '' : `commit ${COMMIT.slice(0, 12)}, `
    stdout.write(
      values.json
        ? `${
          JSON.stringify({
            version: VERSION,
            commit: COMMIT ?? null,
            runtime: runtime.name,
            runtimeVersion: runtime.version,
          })
        }\n`
        : `oci-genai-gateway ${VERSION} (${build}${runtime.name} ${runtime.version})\n`,
    )
    return Promise.resolve(EXIT.success)
  },
})
