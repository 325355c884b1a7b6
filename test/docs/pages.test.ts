import {existsSync, globSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {CONFIG_KEYS, GROUP_NAMES} from '../../src/config/keys.js'
import {projectRoot} from '../architecture/sources.js'
import {codeBlocks, readPage} from './markdown.js'

const pages = globSync(['*.md', 'docs/*.md', 'examples/**/*.md'], {cwd: projectRoot}).sort()

describe.each(pages)('%s', path => {
  const page = readPage(path)
  const prose = page.replaceAll(/^```.*\n[\s\S]*?^```$/gm, '')

  test('links to what is there', () => {
    const broken = [...prose.matchAll(/\]\(([^)]+)\)/g)]
      .map(([, link = '']) => link)
      .filter(link => !/^https?:/.test(link) && !isThere(link))
    expect(broken).toEqual([])
  })

  test('names configuration keys that exist', () => {
    const known = new Set(CONFIG_KEYS.map(key => key.path))
    const pattern = new RegExp(`\`((?:${GROUP_NAMES.join('|')})\\.\\w+)\``, 'g')
    const named = [...prose.matchAll(pattern)].map(([, key = '']) => key)
    expect(named.filter(key => !known.has(key) && !serverMembers.has(key))).toEqual([])
  })

  test('closes its code blocks and stays readable in a diff', () => {
    expect(page.match(/^```/gm)?.length ?? 0).toBe(2 * codeBlocks(page).length)
    const long = prose.split('\n').filter(line => line.length > 120 && !line.startsWith('|'))
    expect(path === 'docs/configuration.md' ? [] : long).toEqual([])
  })

  function isThere(link: string): boolean {
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? path : join(dirname(path), file)
    if (!existsSync(join(projectRoot, target))) return false
    return anchor === undefined || anchorsOf(readPage(target)).includes(anchor)
  }
})

/** What `server.` stands for in programs; the groups of the configuration have no such keys. */
const serverMembers = new Set(
  [
    'address',
    'analytics',
    'cache',
    'counters',
    'plugins',
    'rooms',
    'security',
    'users',
    'name',
    'version',
    'state',
  ].map(name => `server.${name}`),
)

/** The anchors that GitHub gives headings. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
