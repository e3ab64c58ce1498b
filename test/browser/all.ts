import { RUNTIMES } from '../runtimes/start.ts'
import { testConsole } from './suite.ts'

for (const runtime of RUNTIMES) await testConsole(runtime)
