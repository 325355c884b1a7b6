import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {projectRoot, readSources} from './architecture/sources.js'

// oclif believes the manifest, not the folder: a command that it lacks cannot be run.
test('the manifest has every command and nothing else', () => {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'))
  const ids = readSources(['commands']).map(({path}) =>
    path
      .replace(/^commands\//, '')
      .replace(/\.tsx?$/, '')
      .replaceAll('/', ':'),
  )
  expect(Object.keys(manifest.commands).sort()).toEqual(ids.sort())
})
