import {describe, expect, test} from 'vitest'
import {CLOSE_REASONS, ERRORS} from '../../src/errors.js'
import {quoted, readPage, section, tableRows} from './markdown.js'

const page = readPage('docs/errors.md')

describe('docs/errors.md', () => {
  const wire = tableRows(section(page, '## On the wire'))
  const others = tableRows(section(page, '## From commands and programs'))
  const reasons = tableRows(section(page, '## Why connections end'))

  test('explains the codes of the wire, and no others', () => {
    const known = Object.entries(ERRORS).filter(([, {isWire}]) => isWire)
    expect(wire.map(([code]) => quoted(code))).toEqual(known.map(([code]) => code))
  })

  test('says that their exit status is 1', () => {
    expect(new Set(Object.values(ERRORS).flatMap(({isWire, exitCode}) => (isWire ? [exitCode] : [])))).toEqual(
      new Set([1]),
    )
    expect(page).toContain('the exit status is 1')
  })

  test('explains all other codes with their exit status, and no more', () => {
    const known = Object.entries(ERRORS).filter(([, {isWire}]) => !isWire)
    expect(others.map(([code, status]) => [quoted(code), Number(status)])).toEqual(
      known.map(([code, {exitCode}]) => [code, exitCode]),
    )
  })

  test('explains every close reason, says which are told, and no more', () => {
    expect(reasons.map(([reason, told]) => [quoted(reason), told])).toEqual(
      Object.entries(CLOSE_REASONS).map(([reason, {isTold}]) => [reason, isTold ? 'yes' : 'no']),
    )
  })

  test('leaves no cell empty', () => {
    for (const row of [...wire, ...others, ...reasons]) expect(row.every(cell => cell !== '')).toBe(true)
  })
})
