import type { CommandEntry } from './command.ts'

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'Start the gateway with the OCI credential that it finds',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  {
    name: 'demo',
    summary: 'Start the gateway on a simulator of OCI, without an account',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'doctor',
    summary: 'Find out why calls to OCI fail, and how to fix it',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'version',
    summary: 'Print the version and the runtime',
    load: async () => (await import('./commands/version.ts')).version,
  },
]
