import { testRuntime } from './suite.ts'

testRuntime('workers')
