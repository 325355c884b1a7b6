import {existsSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {hasBrowser, showPage, takePicture, widthIn} from '../helpers/browser.js'
import {Program, runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'

const DARK = '--blink-settings=preferredColorScheme=0'

/** A data directory with a made-up population, by the command that makes it. */
async function demo(): Promise<string> {
  const dataDir = join(tempFolder(), 'demo')
  const args = ['analytics', 'demo', '--users', '400', '--days', '30', '--data-dir', dataDir, '--json']
  const {status, stdout, stderr} = await runProgram(args, {})
  if (status !== 0) throw new Error(stderr)
  expect(JSON.parse(stdout)).toMatchObject({dataDir, days: 30})
  return dataDir
}

async function reportOf(source: readonly string[]): Promise<string> {
  const out = join(tempFolder(), 'report.html')
  const {status, stdout, stderr} = await runProgram(
    ['analytics', 'report', '--since', '30d', '--out', out, ...source, '--json'],
    {},
  )
  if (status !== 0) throw new Error(stderr)
  expect(JSON.parse(stdout)).toEqual({file: out, sizeBytes: statSync(out).size})
  return readFileSync(out, 'utf8')
}

test('a report tells the same with a server and without', async () => {
  const dataDir = await demo()
  const offline = await reportOf(['--data-dir', dataDir, '--title', 'Demo'])
  const program = new Program(['serve', '--port', '0', '--plugins', 'analytics', '--data-dir', dataDir])
  const {socket} = await program.ready()
  const online = await reportOf(['--socket', socket])
  expect(offline).toContain('<h1>Players of Demo</h1>')
  expect(online).toContain('<h1>Players of default</h1>')
  const rooms = (page: string) => /<h2>Top rooms<\/h2>[\s\S]*?<\/section>/.exec(page)?.[0]
  expect(rooms(online)).toBe(rooms(offline))
})

test('a report replaces no file unasked, and a bad period is said', async () => {
  const dataDir = await demo()
  const out = join(tempFolder({'report.html': 'mine'}), 'report.html')
  const report = (...args: string[]) =>
    runProgram(['analytics', 'report', '--data-dir', dataDir, '--out', out, ...args], {})
  expect(await report()).toMatchObject({status: 1, stderr: expect.stringContaining('exists')})
  expect(readFileSync(out, 'utf8')).toBe('mine')
  expect((await report('--force')).status).toBe(0)
  expect(await report('--since', 'yesterday')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('not a duration'),
  })
  expect((await report('--since', '0s')).status).toBe(2)
  const nowhere = join(tempFolder(), 'no', 'report.html')
  const unwritten = await runProgram(['analytics', 'report', '--data-dir', dataDir, '--out', nowhere], {})
  expect(unwritten).toMatchObject({status: 1, stderr: expect.stringContaining('cannot write')})
  expect(existsSync(nowhere)).toBe(false)
})

describe.skipIf(!hasBrowser)(`in a browser${hasBrowser ? '' : ' (skipped: there is no chromium)'}`, () => {
  test('it shows every part and the console says nothing', {timeout: 120_000}, async () => {
    const page = await reportOf(['--data-dir', await demo()])
    const {document, console} = await showPage(page)
    expect(console).toEqual([])
    expect(document.match(/<svg /g)).toHaveLength(8)
    expect(document.match(/<h2>/g)).toHaveLength(8)
    expect(document).not.toMatch(/NaN|undefined/)
    for (const width of [360, 390, 768, 1280]) expect([width, await widthIn(page, width)]).toEqual([width, width])
    const size = {width: 1100, height: 2800}
    const [light, dark] = [await takePicture(page, size), await takePicture(page, {...size, flags: [DARK]})]
    expect(statSync(light).size).toBeGreaterThan(50_000)
    expect(readFileSync(dark).equals(readFileSync(light))).toBe(false)
  })

  test('what is wrong would be seen on the console', async () => {
    const {console} = await showPage('<!doctype html><script>console.error("oh")</script><p>hello')
    expect(console).toEqual([expect.stringContaining('oh')])
    expect(await widthIn('<!doctype html><div style="width:700px">wide</div>', 300)).toBeGreaterThan(690)
  })
})
