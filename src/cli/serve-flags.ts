import {Flags} from '@oclif/core'

import {configFlag, withVariable} from './flags.js'

/** Configuration keys that flags of `gs serve` stand for. */
export const SERVE_KEYS = {
  port: 'server.port',
  host: 'server.host',
  plugins: 'plugins',
  name: 'name',
  'data-dir': 'dataDir',
  ephemeral: 'ephemeral',
  'log-level': 'log.level',
  'log-file': 'log.file',
  'insecure-public': 'server.insecurePublic',
} as const

/** The flags of `gs serve`. */
export const serveFlags = {
  config: configFlag,
  port: Flags.string({
    description: withVariable('TCP port to listen on, 0 for any free one. Default 7000.', 'GS_SERVER_PORT'),
    helpValue: 'PORT',
  }),
  host: Flags.string({
    description: withVariable('Address to listen on. Default 127.0.0.1.', 'GS_SERVER_HOST'),
    helpValue: 'ADDRESS',
  }),
  plugins: Flags.string({
    description: withVariable('Plugins to run, by name, path or package, separated by commas.', 'GS_PLUGINS'),
    helpValue: 'LIST',
  }),
  name: Flags.string({
    description: withVariable('Name of this server. Default "default".', 'GS_NAME'),
    helpValue: 'NAME',
  }),
  'data-dir': Flags.string({
    description: withVariable('Folder of the data store, for one server at a time.', 'GS_DATA_DIR'),
    helpValue: 'FOLDER',
  }),
  ephemeral: Flags.boolean({
    description: withVariable('Keep data in memory only: it ends with the server.', 'GS_EPHEMERAL'),
  }),
  'log-level': Flags.string({
    description: withVariable('Least severity that is logged: debug, info, warn, error or silent.', 'GS_LOG_LEVEL'),
    helpValue: 'LEVEL',
  }),
  'log-file': Flags.string({
    description: withVariable('File to append the log to, instead of stderr.', 'GS_LOG_FILE'),
    helpValue: 'FILE',
  }),
  'insecure-public': Flags.boolean({
    description: withVariable(
      'Accept clients from other machines although anyone can take any user id.',
      'GS_SERVER_INSECURE_PUBLIC',
    ),
  }),
  check: Flags.boolean({description: 'Load and check everything, plugins and games too, and start nothing.'}),
}
