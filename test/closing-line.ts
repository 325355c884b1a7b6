import type {Reporter, TestCase, TestModule} from 'vitest/node'

/** Ends the output with `N passed, N failed, N skipped` alone on the last line, for people and for CI. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const passed = tests.filter(test => test.result().state === 'passed').length
    const failed = tests.filter(test => test.result().state === 'failed').length
    const skipped = tests.filter(test => !['passed', 'failed'].includes(test.result().state))
    const broken = modules.filter(isBrokenAsWhole).length + unhandledErrors.length
    // At exit, so that vitest's own summary and the coverage table come first.
    process.once('exit', () => {
      for (const test of skipped) console.log(`skipped: ${test.fullName} (${reasonOf(test)})`)
      console.log(`${passed} passed, ${failed + broken} failed, ${skipped.length} skipped`)
    })
  }
}

/** A file that fails before its tests run, by a bad import for one, has no failed test to count. */
function isBrokenAsWhole(module: TestModule): boolean {
  return module.state() === 'failed' && [...module.children.allTests('failed')].length === 0
}

function reasonOf(test: TestCase): string {
  const result = test.result()
  return (result.state === 'skipped' && result.note) || 'no reason given'
}
