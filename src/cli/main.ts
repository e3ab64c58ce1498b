#!/usr/bin/env node
import process from 'node:process'
import { EXIT } from '../entry/exit-codes.ts'
import { COMMANDS } from './commands.ts'
import { createProcessHost } from './process/host.ts'
import { runCommandLine } from './run.ts'

const status = await runCommandLine(process.argv.slice(2), createProcessHost(), COMMANDS)
// An interrupted command may still wait for standard input.
if (status === EXIT.interrupted) process.exit(status)
// Servers keep the process running after their command has returned, so only the status is set.
process.exitCode = status
