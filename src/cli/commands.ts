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
    name: 'init',
    summary: 'Find the credential, ask, make a test call and write the configuration',
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'doctor',
    summary: 'Find out why calls to OCI fail, and how to fix it',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'probe',
    summary: 'Find out how OCI behaves in your tenancy where sources disagree',
    load: async () => (await import('./commands/probe.ts')).probe,
  },
  {
    name: 'health',
    summary: 'Check whether the gateway answers, for containers and scripts',
    load: async () => (await import('./commands/health.ts')).health,
  },
  {
    name: 'models',
    summary: 'List the models of OCI with their limits and capabilities',
    load: async () => (await import('./commands/models.ts')).models,
  },
  {
    name: 'chat',
    summary: 'Ask a model a question, or have a conversation',
    load: async () => (await import('./commands/chat.ts')).chat,
  },
  {
    name: 'connect',
    summary: 'Configure a client such as Codex or Claude Code for the gateway',
    load: async () => (await import('./commands/connect.ts')).connect,
  },
  {
    name: 'keys',
    summary: 'Create keys with limits and budgets, and change them',
    load: async () => (await import('./commands/keys.ts')).keys,
  },
  {
    name: 'usage',
    summary: 'Print what keys, teams and models have used, and its cost',
    load: async () => (await import('./commands/usage.ts')).usage,
  },
  {
    name: 'prices',
    summary: 'Print, update and set the prices of models',
    load: async () => (await import('./commands/prices.ts')).prices,
  },
  {
    name: 'reconcile',
    summary: "Compare the costs of a month with Oracle's bill",
    load: async () => (await import('./commands/reconcile.ts')).reconcile,
  },
  {
    name: 'config',
    summary: 'Check and print the configuration',
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'completion',
    summary: 'Print a script that completes commands in a shell',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  {
    name: 'version',
    summary: 'Print the version, the commit and the runtime',
    load: async () => (await import('./commands/version.ts')).version,
  },
]
