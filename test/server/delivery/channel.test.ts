import {describe, expect, test} from 'vitest'
import {createDelivery} from './delivery-world.js'

describe('within one turn', () => {
  test('a member gets one write, of everything in its order', async () => {
    const room = createDelivery()
    const reader = room.join(1)
    room.channel.send('"one"\n')
    reader.outbox.add('"a reply"\n')
    room.channel.seal()
    room.channel.send('"two"\n')
    await room.turn()
    expect(reader.writes).toHaveLength(1)
    expect(reader.frames).toEqual(['"one"', '"a reply"', '"two"'])
  })

  test('all members of one framing get the very same bytes: a room is encoded once for each framing', async () => {
    const room = createDelivery()
    const lines = [room.join(1), room.join(2), room.join(3)]
    const prefixed = [room.join(4, 'length-prefixed'), room.join(5, 'length-prefixed')]
    room.channel.send('"one"\n')
    room.channel.send('"zwei: ü"\n')
    await room.turn()
    expect(new Set(lines.flatMap(({writes}) => writes)).size).toBe(1)
    expect(new Set(prefixed.flatMap(({writes}) => writes)).size).toBe(1)
    for (const reader of [...lines, ...prefixed]) expect(reader.frames).toEqual(['"one"', '"zwei: ü"'])
  })

  test('a member of two rooms gets one write', async () => {
    const room = createDelivery()
    const [one, two] = [room.join(1), room.join(2)]
    const other = room.createRoom([[1, one]])
    room.channel.send('"here"\n')
    other.send('"there"\n')
    room.channel.send('"here again"\n')
    await room.turn()
    expect(one.writes).toHaveLength(1)
    expect(one.frames.filter(frame => frame !== '"there"')).toEqual(['"here"', '"here again"'])
    expect(two.frames).toEqual(['"here"', '"here again"'])
  })

  test('what comes in the next turn is the next write', async () => {
    const room = createDelivery()
    const reader = room.join(1)
    room.channel.send('"one"\n')
    await room.turn()
    room.channel.send('"two"\n')
    await room.turn()
    expect(reader.writes.map(String)).toEqual(['"one"\n', '"two"\n'])
  })

  test('nothing to say is no write, and no flush', async () => {
    const room = createDelivery()
    const reader = room.join(1)
    await room.turn()
    expect([reader.writes, room.flushes]).toEqual([[], 0])
    room.flusher.schedule()
    room.flusher.schedule()
    await room.turn()
    expect([reader.writes, room.flushes]).toEqual([[], 1])
  })

  test('a frame to a room without members goes nowhere', async () => {
    const room = createDelivery()
    room.channel.send('"hello?"\n')
    const late = room.join(1)
    await room.turn()
    expect(late.writes).toEqual([])
    expect(room.counters.deliveries).toBe(0)
  })

  test('every frame to every member is a delivery, and a reply is none', async () => {
    const room = createDelivery()
    const reader = room.join(1)
    room.join(2)
    room.channel.send('"one"\n')
    room.channel.send('"two"\n')
    reader.outbox.add('"a reply"\n')
    room.channel.sendEach(() => '"three"\n')
    await room.turn()
    expect(room.counters.deliveries).toBe(6)
  })
})

describe('when the members change', () => {
  test('a joiner sees what comes after, the others see everything, and still in one write', async () => {
    const room = createDelivery()
    const old = room.join(1)
    room.channel.send('"before"\n')
    const young = room.join(2)
    young.outbox.add('"joined"\n')
    room.channel.send('"after"\n')
    await room.turn()
    expect(old.frames).toEqual(['"before"', '"after"'])
    expect(young.frames).toEqual(['"joined"', '"after"'])
    expect([old.writes.length, young.writes.length]).toEqual([1, 1])
  })

  test('a leaver sees what came before', async () => {
    const room = createDelivery()
    const [stays, leaves] = [room.join(1), room.join(2)]
    room.channel.send('"before"\n')
    room.leave(2)
    leaves.outbox.add('"left"\n')
    room.channel.send('"after"\n')
    await room.turn()
    expect(stays.frames).toEqual(['"before"', '"after"'])
    expect(leaves.frames).toEqual(['"before"', '"left"'])
  })

  test('one who leaves and comes back within a turn misses what was in between', async () => {
    const room = createDelivery()
    room.join(1)
    const restless = room.join(2)
    room.channel.send('"one"\n')
    room.leave(2)
    room.channel.send('"two"\n')
    room.join(2, 'ndjson', restless)
    room.channel.send('"three"\n')
    await room.turn()
    expect(restless.frames).toEqual(['"one"', '"three"'])
  })
})

describe('a frame of its own for each', () => {
  test('stands at the same place for all', async () => {
    const room = createDelivery()
    const readers = [room.join(1), room.join(2, 'length-prefixed'), room.join(3)]
    room.channel.send('"before"\n')
    room.channel.sendEach(userId => `"for ${userId}"\n`)
    room.channel.send('"after"\n')
    await room.turn()
    for (const [index, reader] of readers.entries()) {
      expect(reader.frames).toEqual(['"before"', `"for ${index + 1}"`, '"after"'])
      expect(reader.writes).toHaveLength(1)
    }
  })

  test('is encoded once for those who get the same', async () => {
    const room = createDelivery()
    const [player, ...onlookers] = [room.join(1), room.join(2), room.join(3), room.join(4)]
    room.channel.sendEach(userId => (userId === 1 ? '"hand"\n' : '"back"\n'))
    await room.turn()
    expect(player.frames).toEqual(['"hand"'])
    expect(new Set(onlookers.flatMap(({writes}) => writes)).size).toBe(1)
  })
})

describe('with a tick', () => {
  test('everything waits for it and goes out in one write', async () => {
    const room = createDelivery({tickMs: 50})
    const reader = room.join(1)
    room.channel.send('"one"\n')
    await room.turn()
    room.clock.advance(49)
    room.channel.send('"two"\n')
    reader.outbox.add('"a reply"\n')
    expect(reader.writes).toEqual([])
    room.clock.advance(1)
    expect(reader.writes).toHaveLength(1)
    expect(reader.frames).toEqual(['"one"', '"two"', '"a reply"'])
    room.clock.advance(50)
    expect(reader.writes).toHaveLength(1)
  })

  test('flushes on every tick, so that what must be evicted is found, and on none after the end', () => {
    const room = createDelivery({tickMs: 50})
    room.clock.advance(150)
    expect(room.flushes).toBe(3)
    room.flusher.close()
    room.clock.advance(500)
    expect(room.flushes).toBe(3)
  })
})

test('one outbox can be written ahead of the others', async () => {
  const room = createDelivery()
  const [hasty, patient] = [room.join(1), room.join(2)]
  room.channel.send('"one"\n')
  room.flusher.flushEarly(hasty.outbox)
  expect(room.counters.deliveries).toBe(1)
  room.channel.send('"two"\n')
  await room.turn()
  expect(hasty.writes.map(String)).toEqual(['"one"\n', '"two"\n'])
  expect(patient.writes.map(String)).toEqual(['"one"\n"two"\n'])
})

test('what is cleared is not written', async () => {
  const room = createDelivery()
  const reader = room.join(1)
  room.channel.send('"one"\n')
  reader.outbox.clear()
  await room.turn()
  expect(reader.writes).toEqual([])
  room.channel.send('"two"\n')
  await room.turn()
  expect(reader.frames).toEqual(['"two"'])
})
