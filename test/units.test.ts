import {describe, expect, test} from 'vitest'
import {GsError} from '../src/errors.js'
import {formatDuration, formatSize, parseDuration, parseSize} from '../src/units.js'

describe('a duration', () => {
  test.for([
    ['250ms', 250],
    ['30s', 30_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ] as const)('%s is %i ms', ([text, durationMs]) => {
    expect(parseDuration(text)).toBe(durationMs)
  })

  test.for(['', '5', 's', '-5s', '1.5h', '1h30m', '10 s', '10S', '1w', 'NaN', '9007199254740992ms', '99999999999d'])(
    '%j is refused',
    text => {
      expect(() => parseDuration(text)).toThrow(expect.objectContaining({code: 'usage'}))
    },
  )

  test('a bare number is seconds where that is asked for', () => {
    expect(parseDuration('5', {allowBareSeconds: true})).toBe(5000)
    expect(parseDuration('5ms', {allowBareSeconds: true})).toBe(5)
  })

  test('the refusal shows control characters instead of sending them', () => {
    expect(() => parseDuration('5\u001b[31ms')).toThrow(GsError)
    expect(() => parseDuration('5\u001b[31ms')).toThrow('not a duration: "5\\u001b[31ms"')
  })

  test.for([
    [0, '0ms'],
    [0.4, '0ms'],
    [-0.4, '0ms'],
    [250, '250ms'],
    [999.9, '999ms'],
    [1000, '1s'],
    [1500, '1s 500ms'],
    [90_000, '1m 30s'],
    [3_600_000, '1h'],
    [3_605_000, '1h'],
    [93_784_000, '1d 2h'],
    [604_800_000, '7d'],
    [-90_000, '-1m 30s'],
  ] as const)('%d ms is written as %s', ([durationMs, text]) => {
    expect(formatDuration(durationMs)).toBe(text)
  })
})

describe('a size', () => {
  test.for([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 KB'],
    [9994, '9.99 KB'],
    [9995, '10.0 KB'],
    [99_949, '99.9 KB'],
    [99_950, '100 KB'],
    [999_499, '999 KB'],
    [999_500, '1.00 MB'],
    [1_048_576, '1.05 MB'],
    [268_435_456, '268 MB'],
  ] as const)('%i bytes are written as %s', ([sizeBytes, text]) => {
    expect(formatSize(sizeBytes)).toBe(text)
  })
})

test.for([
  ['0b', 0],
  ['500kb', 500_000],
  ['64mb', 64_000_000],
  ['64MB', 64_000_000],
  ['2gb', 2_000_000_000],
] as const)('the size %s is %d bytes', ([text, sizeBytes]) => {
  expect(parseSize(text)).toBe(sizeBytes)
})

test.for(['', '64', 'mb', '1.5mb', '-1kb', '64 mb', '64mib', '99999999999999999gb'])('%o is no size', text => {
  expect(() => parseSize(text)).toThrow(expect.objectContaining({code: 'usage'}))
})
