import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {tempFolder} from './temp-folder.js'

const LIMIT_MS = 60_000

/** Whether Debian's chromium is here. */
export const hasBrowser = spawnSync('chromium', ['--version']).status === 0

export interface Shown {
  /** The document after it has been laid out. */
  readonly document: string
  /** What the console says: errors, warnings, refused loads. */
  readonly console: readonly string[]
}

/** Opens a page in chromium, without a screen. */
export async function showPage(html: string, flags: readonly string[] = []): Promise<Shown> {
  const folder = tempFolder({'page.html': html})
  const child = spawn(
    'chromium',
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--enable-logging=stderr', '--dump-dom'],
      ...[`--user-data-dir=${join(folder, 'profile')}`, '--virtual-time-budget=2000', ...flags],
      pathToFileURL(join(folder, 'page.html')).href,
    ],
    {stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS, killSignal: 'SIGKILL'},
  )
  let document = ''
  let log = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    document += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    log += text
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`chromium ended with ${status}: ${log}`)
  return {document, console: log.split('\n').filter(line => line.includes('CONSOLE'))}
}

/** How wide the content of a page is in a window of this width: more means that it has to be scrolled sideways. */
export async function widthIn(html: string, width: number): Promise<number> {
  const inner = html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const {document} = await showPage(`<!doctype html><body style="margin:0">
<iframe srcdoc="${inner}" style="width:${width}px;height:3000px;border:0" onload="
  document.body.dataset.width = this.contentDocument.documentElement.scrollWidth"></iframe></body>`)
  const [, found] = /data-width="(\d+)"/.exec(document) ?? []
  return Number(found)
}

/** Takes a picture of a page; returns its PNG's path. */
export async function takePicture(
  html: string,
  {width, height, flags = []}: {width: number; height: number; flags?: readonly string[]},
): Promise<string> {
  const path = join(tempFolder(), 'picture.png')
  writeFileSync(path, '')
  await showPage(html, [`--screenshot=${path}`, `--window-size=${width},${height}`, ...flags])
  return path
}
