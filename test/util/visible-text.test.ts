import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {visibleJson, visibleLines, visibleText, visibleValue} from '../../src/util/visible-text.js'

describe('text from outside', () => {
  test.for([
    ['escape', '\u001b[31mred', '\\u001b[31mred'],
    ['null, tab, line break', 'a\0b\tc\nd', 'a\\u0000b\\u0009c\\u000ad'],
    ['DEL and C1', 'a\u007fb\u009b31m', 'a\\u007fb\\u009b31m'],
    ['bidi override and isolate', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['zero width', 'a\u200bb\u200dc\ufeff', 'a\\u200bb\\u200dc\\ufeff'],
    ['line and paragraph separator', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\\ud800b\\udc00'],
    ['tag characters', 'a\u{e0041}', 'a\\udb40\\udc41'],
  ] as const)('shows what hides: %s', ([, text, shown]) => {
    expect(visibleText(text)).toBe(shown)
  })

  test('stays as it is when all of it can be seen', () => {
    for (const text of ['', 'plain ~!', 'Grüße', '日本', '🎲', 'שלום', 'e\u0301', '❤\ufe0f'])
      expect(visibleText(text)).toBe(text)
  })

  test('has no control character left, whatever it was, and escaping it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({unit: fc.integer({min: 0, max: 0xffff}).map(unit => String.fromCharCode(unit))}), text => {
        const shown = visibleText(text)
        expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b-\u200d]/u)
        expect(shown.isWellFormed()).toBe(true)
        expect(visibleText(shown)).toBe(shown)
      }),
    )
  })
})

test('JSON keeps its value when its characters are made visible', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({unit: 'binary'}), (value, text) => {
      const json = JSON.stringify({value, text: `${text}\u009b\u202e\u{e0041}`})
      expect(visibleJson(json)).not.toMatch(/[\u007f-\u009f\u202e]/)
      expect(JSON.parse(visibleJson(json))).toEqual(JSON.parse(json))
    }),
  )
})

test('text of several lines keeps its line breaks and nothing else', () => {
  expect(visibleLines('a\n\tb\u001b')).toBe('a\n\\u0009b\\u001b')
})

describe('a value in a message', () => {
  test.for([
    ['text', '"text"'],
    ['a\u001bb', '"a\\u001bb"'],
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [10n, '10'],
    [() => 1, 'function'],
    [{a: [1]}, '{"a":[1]}'],
  ] as const)('%o is shown as %s', ([value, shown]) => {
    expect(visibleValue(value)).toBe(shown)
  })

  test('is cut when it is long, and a circle does no harm', () => {
    expect(visibleValue('x'.repeat(78))).toHaveLength(80)
    expect(visibleValue('x'.repeat(79))).toBe(`"${'x'.repeat(76)}...`)
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(visibleValue(circle)).toBe('[object Object]')
  })
})
