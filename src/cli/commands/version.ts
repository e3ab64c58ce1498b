import { defineCommand } from '../command.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import { VERSION } from '../../version.ts'

/** `oci-gateway version` */
export const version = defineCommand({
  options: { json: { type: 'boolean', description: 'Print JSON' } },
  examples: [{ line: 'version', does: 'print the version' }],
  run({ values, host: { stdout, runtime } }) {
    stdout.write(
      values.json
        ? `${
          JSON.stringify({
            version: VERSION,
            runtime: runtime.name,
            runtimeVersion: runtime.version,
          })
        }\n`
        : `oci-genai-gateway ${VERSION} (${runtime.name} ${runtime.version})\n`,
    )
    return Promise.resolve(EXIT.success)
  },
})
