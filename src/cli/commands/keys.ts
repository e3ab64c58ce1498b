import type { CommandGroup } from '../command.ts'

/** `oci-gateway keys` */
export const keys: CommandGroup = {
  type: 'group',
  commands: [
    {
      name: 'create',
      summary: 'Create a key with its limits and print it once',
      load: async () => (await import('./keys/create.ts')).createKey,
    },
    {
      name: 'list',
      summary: 'List all keys with their budgets',
      load: async () => (await import('./keys/list.ts')).listKeys,
    },
    {
      name: 'show',
      summary: 'Print a key with its limits and its budget',
      load: async () => (await import('./keys/show.ts')).showKey,
    },
    {
      name: 'update',
      summary: 'Change the limits of a key',
      load: async () => (await import('./keys/update.ts')).updateKey,
    },
    {
      name: 'disable',
      summary: 'Reject requests with a key until it is enabled',
      load: async () => (await import('./keys/state.ts')).disableKey,
    },
    {
      name: 'enable',
      summary: 'Accept requests with a disabled key again',
      load: async () => (await import('./keys/state.ts')).enableKey,
    },
    {
      name: 'rotate',
      summary: 'Replace a key by a new one and print it; the old one ends at once',
      load: async () => (await import('./keys/rotate.ts')).rotateKey,
    },
    {
      name: 'revoke',
      summary: 'Delete a key; its usage stays in the ledger',
      load: async () => (await import('./keys/revoke.ts')).revokeKey,
    },
    {
      name: 'team',
      summary: 'Print a team, or set the limits that its keys share',
      load: async () => (await import('./keys/team.ts')).limitTeam,
    },
  ],
}
