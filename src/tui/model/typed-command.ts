import {closest, distance} from 'fastest-levenshtein'
import type {JsonValue} from '../../contract/messages.js'
import {MAX_ID} from '../../protocol/limits.js'

/** What a typed line asks for. */
export type TypedCommand =
  | {readonly kind: 'nothing'}
  | {readonly kind: 'help'}
  | {readonly kind: 'rooms'}
  | {readonly kind: 'who'}
  | {readonly kind: 'quit'}
  | {readonly kind: 'chat'; readonly text: string}
  | {readonly kind: 'join'; readonly roomId: number}
  | {readonly kind: 'leave'; readonly roomId: number | undefined}
  | {readonly kind: 'start'; readonly game: string; readonly options: JsonValue | undefined}
  | {readonly kind: 'act'; readonly action: JsonValue}
  | {readonly kind: 'end'; readonly winner: number | undefined}
  | {readonly kind: 'problem'; readonly text: string}

/** For /help: what to type, and what it does. */
export const COMMAND_HELP: ReadonlyArray<readonly [usage: string, does: string]> = [
  ['/join 7', 'enter room 7, or go back to it'],
  ['/leave', 'leave this room, or /leave 7'],
  ['/rooms', 'list the rooms, fullest first'],
  ['/who', 'who is in this room'],
  ['/start tictactoe', 'start a game, options as JSON behind it'],
  ['/move 5', 'play a field; on your turn just 5'],
  ['/action {"a":1}', "act in a game, in the game's own JSON"],
  ['/end', 'end a game without rules, or /end WINNER'],
  ['/quit', 'leave; so do Ctrl-C and Ctrl-D'],
  ['//text', 'say something that starts with a slash'],
  ['PgUp PgDn', 'look back; up and down recall what you typed'],
]

const names = ['help', 'join', 'leave', 'rooms', 'who', 'start', 'move', 'action', 'end', 'quit'] as const

/** `isOwnTurn`: a digit alone is a move. */
export function parseTyped(text: string, {isOwnTurn}: {isOwnTurn: boolean}): TypedCommand {
  const line = text.trim()
  if (line === '') return {kind: 'nothing'}
  if (isOwnTurn && /^[1-9]$/.test(line)) return moveTo(line)
  if (!line.startsWith('/')) return {kind: 'chat', text: line}
  if (line.startsWith('//')) return {kind: 'chat', text: line.slice(1)}
  const [, name = '', rest = ''] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? []
  return parseCommand(name.toLowerCase(), rest)
}

/** Finishes the name of a command that is begun, when there is only one it can be. */
export function completeCommand(text: string): string | undefined {
  const begun = /^\/([a-z]+)$/.exec(text)?.[1]
  const found = begun === undefined ? [] : names.filter(name => name.startsWith(begun))
  return found.length === 1 ? `/${found[0]} ` : undefined
}

function parseCommand(name: string, rest: string): TypedCommand {
  switch (name) {
    case 'help':
    case 'rooms':
    case 'who':
    case 'quit':
      return {kind: name}
    case 'join':
      return withId(rest, roomId => ({kind: 'join', roomId}), 'Which room? /join 7')
    case 'leave':
      if (rest === '') return {kind: 'leave', roomId: undefined}
      return withId(rest, roomId => ({kind: 'leave', roomId}), 'Which room? /leave 7')
    case 'start':
      return parseStart(rest)
    case 'move':
      return /^[1-9]$/.test(rest) ? moveTo(rest) : problem('Which field? They are numbered 1 to 9: /move 5')
    case 'action':
      return withJson(rest, action => ({kind: 'act', action}), 'An action is JSON: /action {"cell":4}')
    case 'end':
      if (rest === '') return {kind: 'end', winner: undefined}
      return withId(rest, winner => ({kind: 'end', winner}), 'The winner is a user id: /end 42')
    default:
      return problem(unknownCommand(name))
  }
}

function parseStart(rest: string): TypedCommand {
  const [, game = '', json = ''] = /^(\S*)\s*(.*)$/s.exec(rest) ?? []
  if (game === '') return problem('Which game? /start tictactoe')
  if (json === '') return {kind: 'start', game, options: undefined}
  return withJson(json, options => ({kind: 'start', game, options}), 'Options are JSON: /start chess {"minutes":5}')
}

/** The board counts from 1 where people see it and from 0 on the wire. */
function moveTo(digit: string): TypedCommand {
  return {kind: 'act', action: {cell: Number(digit) - 1}}
}

function withId(text: string, make: (id: number) => TypedCommand, usage: string): TypedCommand {
  const id = /^#?\d{1,10}$/.test(text) ? Number(text.replace('#', '')) : 0
  return id >= 1 && id <= MAX_ID ? make(id) : problem(usage)
}

function withJson(text: string, make: (value: JsonValue) => TypedCommand, usage: string): TypedCommand {
  try {
    return make(JSON.parse(text))
  } catch {
    // What exactly is wrong with it helps less than an example.
    return problem(usage)
  }
}

function unknownCommand(name: string): string {
  const nearest = closest(name, [...names])
  const isNear = distance(name, nearest) <= Math.max(2, Math.floor(nearest.length / 2)) && name.length > 1
  return isNear ? `No command /${name}. Did you mean /${nearest}?` : `No command /${name}. /help lists them.`
}

function problem(text: string): TypedCommand {
  return {kind: 'problem', text}
}
