import { EXIT } from '../../../entry/exit-codes.ts'
import { defineCommand } from '../../command.ts'

/** `oci-gateway config schema` */
export const schema = defineCommand({
  options: {},
  examples: [
    { line: 'config schema > config.schema.json', does: 'a file for "$schema" in your editor' },
  ],
  async run({ host: { stdout } }) {
    const { configSchemaText } = await import('../../config/schema.ts')
    stdout.write(configSchemaText())
    return EXIT.success
  },
})
