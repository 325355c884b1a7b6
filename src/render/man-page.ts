import {EXIT_STATUSES} from './exit-statuses.js'
import {isAsking, type Manifest, type ManifestCommand, type ManifestFlag, splitFlags} from './manifest.js'

/**
 * The page that `man gs` shows, in the man macros of roff. The same manifest always gives the same text.
 *
 * A line of roff that starts with a dot or an apostrophe is a request, and a backslash begins an escape, so all text from
 * the manifest goes through `text`.
 */
export function manPage({commands, version}: Manifest): string {
  const shown = Object.values(commands)
    .filter(({hidden}) => hidden !== true)
    .sort((one, other) => (one.id < other.id ? -1 : 1))
  const lines = [
    '.\\" Written by the build from the commands.',
    `.TH GS 1 "" "gs ${version}" "User Commands"`,
    // Words of commands are not divided, nor spread.
    '.nh',
    '.ad l',
    '.SH NAME',
    'gs, gsrv \\- room server for games and chat, and the commands that watch and steer it',
    '.SH SYNOPSIS',
    '.B gs',
    '.I command',
    '.RI [ argument " ...] [" flag " ...]"',
    '.SH DESCRIPTION',
    ...paragraphs([
      'gs serve runs a server in the foreground: clients connect over TCP, join rooms by number, talk, and play games whose rules run on the server. gs connect is a client in the terminal. Most other commands ask a running server over a socket that only its owner can open, and read no configuration.',
      'Results go to the standard output, all else to the standard error. Durations have a unit: 250ms, 30s, 10m, 2h, 7d.',
      'The command is also called gsrv, because Ghostscript owns the name gs on many machines.',
    ]),
    '.SH COMMANDS',
    ...shown.flatMap(describeCommand),
    '.SH FLAGS OF ALL COMMANDS THAT ASK A SERVER',
    ...shown
      .filter(isAsking)
      .slice(0, 1)
      .flatMap(command => splitFlags(command).global)
      .flatMap(describeFlag),
    '.SH EXIT STATUS',
    ...EXIT_STATUSES.flatMap(([status, meaning]) => ['.TP', `.B ${status}`, text(meaning)]),
    '.SH ENVIRONMENT',
    ...paragraphs([
      'Most flags have a variable that does the same; it stands beside the flag, and the flag goes before it. Keys of the configuration have one, too: server.port is GS_SERVER_PORT.',
      'NO_COLOR, FORCE_COLOR and TERM=dumb are respected. GS_COMMANDS_DIR is the folder of packages that bring more commands; without it that is $XDG_DATA_HOME/gs, or ~/.local/share/gs.',
    ]),
    '.SH FILES',
    ...entry(
      'gs.config.yaml',
      'The configuration, looked for in the working folder; also .json, .js, .mjs, .ts and .gsrc.',
    ),
    ...entry('$XDG_RUNTIME_DIR/gs/NAME.sock', 'The admin socket of the server with that name.'),
  ]
  return `${lines.join('\n')}\n`
}

function describeCommand(command: ManifestCommand): string[] {
  const {id, summary, description, examples = [], args, strict} = command
  const names = Object.values(args).map(({name, required}) => {
    const word = `${name.toUpperCase()}${strict === false ? '...' : ''}`
    return required === true ? word : `[${word}]`
  })
  return [
    `.SS ${text(['gs', ...id.split(':'), ...names].join(' '))}`,
    ...(summary === undefined ? [] : [text(summary)]),
    ...(description === undefined ? [] : ['.PP', text(description.replaceAll('`', ''))]),
    ...Object.values(args).flatMap(({name, description: words}) => entry(name.toUpperCase(), words ?? '')),
    ...splitFlags(command).own.flatMap(describeFlag),
    ...(examples.length === 0 ? [] : ['.PP', examples.length === 1 ? 'Example:' : 'Examples:', '.PP', '.EX']),
    ...examples.map(example => text(`    ${example.replaceAll('<%= config.bin %>', 'gs')}`)),
    ...(examples.length === 0 ? [] : ['.EE']),
  ]
}

function describeFlag({
  name,
  char,
  type,
  description,
  options,
  helpValue,
  env,
  default: initial,
}: ManifestFlag): string[] {
  const value = type === 'boolean' ? '' : ` ${options === undefined ? String(helpValue ?? 'VALUE') : 'WORD'}`
  const words = [
    description ?? '',
    ...(options === undefined ? [] : [`One of ${options.join(', ')}.`]),
    ...(initial === undefined || initial === false ? [] : [`Default: ${initial}.`]),
    ...(env === undefined ? [] : [`[env: ${env}]`]),
  ]
  return entry(`${char === undefined ? '' : `-${char}, `}--${name}${value}`, words.join(' '))
}

function entry(name: string, words: string): string[] {
  return ['.TP', `.B ${text(name)}`, text(words)]
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((words, index) => [...(index === 0 ? [] : ['.PP']), text(words)])
}

function text(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll(/^(?=[.'])/gm, '\\&')
    .replaceAll(
      /[^\x20-\x7e]/gu,
      character => `\\[u${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
}
