import {describe, expect, test} from 'vitest'
import {findNicknameProblem} from '../../src/protocol/nickname.js'

describe('a nickname may be', () => {
  test.for([
    ['one letter', 'a'],
    ['32 letters', 'x'.repeat(32)],
    ['32 characters of two units each', '😀'.repeat(32)],
    ['any script', 'Ζωή דוד محمد 花子 Ивана'],
    ['letters with combining marks', 'e\u0301\u0308'],
    ['punctuation and digits', '<b>%s{}$(x)`;--'],
    ['a family joined without a width', '👩\u200d👧'],
    ['spaces between letters', 'a b'],
    ['what a program takes for special', '__proto__'],
  ])('%s', ([, nickname]) => {
    expect(findNicknameProblem(nickname)).toBeNull()
  })
})

describe('a nickname may not be', () => {
  test.for([
    ['empty', ''],
    ['33 letters', 'x'.repeat(33)],
    ['33 characters of two units each', '😀'.repeat(33)],
    ['very long', 'x'.repeat(100_000)],
    ['spaces only', '   '],
    ['without a visible character', '\u200b\u200d\u2060'],
    ['a lone surrogate', 'a\ud800'],
    ['two surrogates the wrong way round', '\udc00\ud800'],
    ['a number', 7],
    ['nothing', null],
    ['left out by hand', undefined],
    ['a list', ['a']],
    ['an object', {toString: () => 'a'}],
  ] as const)('%s', ([, nickname]) => {
    expect(findNicknameProblem(nickname)).toEqual(expect.any(String))
  })

  test('text with any control or direction character', () => {
    const controls = [...Array(32).keys(), ...Array.from({length: 33}, (_, index) => 0x7f + index)]
    const directions = [0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069]
    for (const codePoint of [...controls, ...directions, 0x2028, 0x2029]) {
      expect(findNicknameProblem(`a${String.fromCodePoint(codePoint)}b`), codePoint.toString(16)).not.toBeNull()
    }
  })
})
