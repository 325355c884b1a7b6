import {Flags} from '@oclif/core'
import {MAX_ID} from '../protocol/limits.js'
import {durationFlag} from './flags.js'
import {parseId} from './ids.js'

/** One room or several. Given as `multiple`, it is a list of lists by flag and a list by environment: flatten it. */
const roomsFlag = Flags.custom<number[]>({
  parse: async text => text.split(',').map(part => parseId('room', part.trim())),
  helpValue: 'ID',
})

/** The flags of `gs connect`. A token is none of them: it would stand in the shell's history and in the list of processes. */
export const connectFlags = {
  host: Flags.string({description: 'Name or address of the server.', env: 'GS_CONNECT_HOST', default: '127.0.0.1'}),
  port: Flags.integer({
    description: 'Game port, 1 to 65535.',
    env: 'GS_CONNECT_PORT',
    default: 7000,
    min: 1,
    max: 65_535,
  }),
  user: Flags.integer({
    description: 'Your user id, 1 to 4294967295. Left out: a guest.',
    env: 'GS_CONNECT_USER',
    min: 1,
    max: MAX_ID,
  }),
  nickname: Flags.string({description: 'Your name, 1 to 32 characters.', env: 'GS_CONNECT_NICKNAME'}),
  room: roomsFlag({
    description: 'Room to join, 1 to 4294967295; several by commas, or by repeating the flag.',
    env: 'GS_CONNECT_ROOM',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'token-file': Flags.string({description: 'File with the token.', env: 'GS_TOKEN_FILE', helpValue: 'FILE'}),
  framing: Flags.option({
    options: ['ndjson', 'length-prefixed'] as const,
    description: 'How frames are told apart on the wire: by lines, or by a length in front of each.',
    env: 'GS_CONNECT_FRAMING',
    default: 'ndjson' as const,
  })(),
  timeout: durationFlag({
    description: 'How long the server may take to welcome: 250ms 5s.',
    env: 'GS_TIMEOUT',
    default: 5_000,
    defaultHelp: async () => '5s',
  }),
  script: Flags.boolean({
    description: 'Read messages from stdin, print what comes back. --json does the same.',
    env: 'GS_CONNECT_SCRIPT',
  }),
  linger: durationFlag({
    description: 'With --script: how long to print on after stdin has ended. Left out: until all replies are there.',
    env: 'GS_CONNECT_LINGER',
  }),
}
