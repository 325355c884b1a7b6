import {fileURLToPath} from 'node:url'
import {defineConfig} from 'vitest/config'

export default defineConfig({
  resolve: {
    alias: {'@gsrv/gs': fileURLToPath(new URL('src/index.ts', import.meta.url))},
  },
  test: {
    include: ['test/**/*.test.{ts,tsx}', 'test/**/*.integration.ts'],
    // Processes, not threads: tests start servers, change directories and send signals.
    pool: 'forks',
    // Worker threads that tests start run the sources, too.
    execArgv: ['--import', fileURLToPath(new URL('test/helpers/typescript-resolver.js', import.meta.url))],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: ['default', './test/closing-line.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**', 'commands/**'],
    },
  },
})
