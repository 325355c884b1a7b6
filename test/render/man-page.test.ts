import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {manPage} from '../../src/render/man-page.js'
import type {Manifest} from '../../src/render/manifest.js'
import {projectRoot} from '../architecture/sources.js'
import {readPage} from '../docs/markdown.js'

const manifest: Manifest = JSON.parse(readPage('oclif.manifest.json'))
const path = join(projectRoot, 'man/gs.1')

test('man/gs.1 is what the build makes of the manifest, and has every command with its flags', () => {
  const page = readPage('man/gs.1')
  expect(page).toBe(manPage(manifest))
  for (const {id, flags} of Object.values(manifest.commands)) {
    const heading = page.indexOf(`\n.SS gs ${id.replaceAll(':', ' ')}`)
    expect(heading, id).toBeGreaterThan(0)
    for (const flag of Object.keys(flags)) expect(page, id).toContain(`\\-\\-${flag.replaceAll('-', '\\-')}`)
  }
})

test('text is never taken for a request of roff', () => {
  const command = {
    id: 'a',
    summary: '.so /etc/passwd',
    description: "'Tis a \\*(Xx and…",
    args: {},
    flags: {},
    examples: ['.x'],
  }
  const page = manPage({version: '1.0.0', commands: {a: command}})
  expect(page).toContain('\n\\&.so /etc/passwd\n')
  expect(page).toContain("\n\\&'Tis a \\e*(Xx and\\[u2026]\n")
  const requests = page.split('\n').filter(line => /^[.'](?![A-Z\\]|nh$|ad l$)/.test(line))
  expect(requests).toEqual([])
})

test.for([
  ['groff', '-ww', '-man', '-Tutf8', '-z', path],
  ['mandoc', '-Tlint', '-W', 'warning', path],
] as const)('%s finds nothing wrong with it', ([tool, ...args], {skip}) => {
  const {error, stdout, stderr} = spawnSync(tool, args, {encoding: 'utf8'})
  skip(error !== undefined, `${tool} is not installed`)
  // It has no date: a build says the same on every day.
  const complaints = `${stdout}${stderr}`.split('\n').filter(line => line !== '' && !line.includes('missing date'))
  expect(complaints).toEqual([])
})
