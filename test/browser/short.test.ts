import { testConsole } from './suite.ts'

await testConsole('node', { short: true })
