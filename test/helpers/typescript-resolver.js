// Lets Node run the TypeScript sources as they are, in worker threads and child processes of tests: the sources name what
// they import by its compiled name, as in './clock.js'.
import {existsSync} from 'node:fs'
import {enableCompileCache, registerHooks} from 'node:module'
import {fileURLToPath} from 'node:url'

// Without it, each thread would strip the types anew.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/gs/compiled', import.meta.url)))

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (/^\.\.?\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
      const source = new URL(specifier.replace(/js$/, 'ts'), context.parentURL)
      if (existsSync(fileURLToPath(source))) return nextResolve(source.href, context)
    }
    return nextResolve(specifier, context)
  },
})
