#!/usr/bin/env node
import process from 'node:process'
import { COMMANDS } from './commands.ts'
import { createProcessHost } from './process-host.ts'
import { runCommandLine } from './run.ts'

// Servers keep the process running after their command has returned, so only the status is set.
process.exitCode = await runCommandLine(process.argv.slice(2), createProcessHost(), COMMANDS)
