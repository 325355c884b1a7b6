import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {describe, expect, it} from 'vitest'

const MODULE = new URL('../../src/ops/young-generation.ts', import.meta.url).href
const BYTES_PER_MB = 1024 * 1024

/** Lets far more survive than the space for young objects holds; prints the largest that this was. */
const SURVIVORS = `
  const kept = []
  let largest = 0
  for (let turn = 0; turn < 300; turn += 1) {
    for (let index = 0; index < 10_000; index += 1) kept.push({index, turn, next: {}})
    await new Promise(resolve => setImmediate(resolve))
    largest = Math.max(largest, youngBytes())
  }
  console.log(largest)`

const BEGINNING = `
  import {getHeapSpaceStatistics} from 'node:v8'
  const {holdYoungGeneration} = await import('${MODULE}')
  const youngBytes = () => getHeapSpaceStatistics().find(space => space.space_name === 'new_space').space_size`

/** A process of its own: what is held is the process, not the module. Returns the largest size, in MB. */
async function run(program: string, nodeOptions: readonly string[] = []): Promise<number> {
  const args = [...nodeOptions, '--input-type=module', '--eval', `${BEGINNING}\n${program}`]
  const {stdout} = await promisify(execFile)(process.execPath, args, {timeout: 60_000})
  return Number(stdout) / BYTES_PER_MB
}

describe('holdYoungGeneration', () => {
  it('keeps the space where it is enough, however much survives', async () => {
    const held = await run(`holdYoungGeneration()${SURVIVORS}`)
    expect(held).toBeGreaterThan(30)
    expect(held).toBeLessThan(34)
    expect(await run(SURVIVORS)).toBeGreaterThan(60)
  })

  it('lets the space grow again once it is released', async () => {
    expect(await run(`holdYoungGeneration()()${SURVIVORS}`)).toBeGreaterThan(60)
  })

  it('leaves alone what the process was started with', async () => {
    expect(await run(`holdYoungGeneration()${SURVIVORS}`, ['--max-semi-space-size=32'])).toBeGreaterThan(60)
  })
})
