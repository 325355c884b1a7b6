import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {packageOf, projectRoot, readSources} from './architecture/sources.js'

interface LockedPackage {
  /** Where something else stands in its place. */
  readonly name?: string
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: true
}

const manifest: {engines: {node: string}; dependencies: Record<string, string>} = readJson('package.json')
const lock: {packages: Record<string, LockedPackage>} = readJson('package-lock.json')
const locked = Object.entries(lock.packages).filter(([path]) => path.includes('node_modules/'))

describe('the packages that the sources import', () => {
  const imported = new Set(
    readSources(['src', 'commands']).flatMap(({imports}) =>
      imports.flatMap(({specifier}) => packageOf(specifier) ?? []),
    ),
  )

  test('are all dependencies', () => {
    expect([...imported].filter(name => !(name in manifest.dependencies))).toEqual([])
  })

  test.for([
    ['@oclif/core', 'src/cli'],
    ['ink', 'src/tui/ink'],
    ['cosmiconfig', 'src/config'],
  ] as const)('include %s', ([name, home], {skip}) => {
    skip(!existsSync(join(projectRoot, home)), `${home} is not written yet`)
    expect(imported).toContain(name)
    expect(manifest.dependencies).toHaveProperty([name])
  })

  test.for(['blessed-contrib', 'lru-cache'])('include %s exactly when it is a dependency', name => {
    expect(name in manifest.dependencies).toBe(imported.has(name))
  })
})

describe('package-lock.json', () => {
  test('has a checksum for every package and the host of no registry', () => {
    const unchecked = locked.filter(([, {link, integrity}]) => !link && integrity === undefined)
    const hosted = locked.filter(([, {resolved}]) => resolved?.includes('://'))
    expect(unchecked.map(([path]) => path)).toEqual([])
    expect(hosted.map(([path]) => path)).toEqual([])
  })

  // Kept here because not every registry answers `npm audit`.
  test.for([
    ['lodash', '4.18.1', 'GHSA-r5fr-rjxr-66jc, GHSA-f23m-r3pf-42rh'],
    ['xml2js', '0.6.2', 'GHSA-776f-qx25-q3cc'],
  ] as const)('has no %s below %s (%s)', ([name, floor]) => {
    expect(lockedVersions(name).filter(version => isBelow(version, floor))).toEqual([])
  })

  test.for(['marked', 'map-canvas'])('has no %s, which nothing here needs', name => {
    expect(lockedVersions(name)).toEqual([])
  })
})

test('bin/run.js and package.json ask for the same Node', () => {
  const floor = /NODE_FLOOR = \[(\d+), (\d+)\]/.exec(readFileSync(join(projectRoot, 'bin/run.js'), 'utf8'))
  expect(manifest.engines.node).toBe(`>=${floor?.[1]}.${floor?.[2]}.0`)
})

test('versions are compared by number, not by text', () => {
  expect(isBelow('4.18.0', '4.18.1')).toBe(true)
  expect(isBelow('4.9.9', '4.18.1')).toBe(true)
  expect(isBelow('4.18.1', '4.18.1')).toBe(false)
  expect(isBelow('5.0.0', '4.18.1')).toBe(false)
})

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(join(projectRoot, path), 'utf8'))
}

function lockedVersions(name: string): string[] {
  const itself = locked.filter(([path, {name: real}]) => path.endsWith(`node_modules/${name}`) && real === undefined)
  return itself.map(([, {version}]) => version ?? '0.0.0')
}

function isBelow(version: string, floor: string): boolean {
  return version.localeCompare(floor, 'en', {numeric: true}) < 0
}
