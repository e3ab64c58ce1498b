import type { CommandGroup } from '../command.ts'

/** `oci-gateway config` */
export const config: CommandGroup = {
  type: 'group',
  commands: [
    {
      name: 'validate',
      summary: 'Check the configuration file and the environment variables',
      load: async () => (await import('./config/validate.ts')).validate,
    },
    {
      name: 'print',
      summary: 'Print every setting and where it is set',
      load: async () => (await import('./config/print.ts')).print,
    },
    {
      name: 'schema',
      summary: 'Print the JSON Schema of the configuration file',
      load: async () => (await import('./config/schema.ts')).schema,
    },
  ],
}
