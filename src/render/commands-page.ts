import {fillLines} from '../util/fill-lines.js'
import {EXIT_STATUSES} from './exit-statuses.js'
import {isAsking, type Manifest, type ManifestCommand, type ManifestFlag, splitFlags} from './manifest.js'

const INTRO = `# Commands

<!-- Written by the build from the commands. Change commands/, not this file. -->

What can be relied on: these commands, their arguments and flags, their exit statuses, and what \`--json\` prints.
\`gs COMMAND --help\` says the same.

Results go to stdout, everything else to stderr. With \`--json\` the result is one JSON document with exact numbers, and
an object on each line for commands that go on; the fields are those of [admin.md](admin.md). An empty list is \`[]\`,
with the status 0. A failure is \`{"error":{"code":…,"message":…,"hint":…}}\`, on one line; the codes are in
[errors.md](errors.md).
Durations have a unit: \`250ms\`, \`30s\`, \`10m\`, \`2h\`, \`7d\`.

| exit status | |
|---|---|
${EXIT_STATUSES.map(([status, meaning]) => `| ${status} | ${meaning} |`).join('\n')}

A screen that is ended by a signal ends with 128 and the signal's number, so with 143 after SIGTERM.
`

/** The page that documents every command. The same manifest always gives the same text. */
export function commandsPage({commands}: Manifest): string {
  const shown = Object.values(commands)
    .filter(({hidden}) => hidden !== true)
    .sort((one, other) => (one.id < other.id ? -1 : 1))
  const asking = shown.find(isAsking)
  return [
    INTRO,
    ['| command | does |', '|---|---|', ...shown.map(command => row([anchorOf(command), command.summary])), ''].join(
      '\n',
    ),
    ...(asking === undefined ? [] : [askingFlags(asking)]),
    ...shown.map(describeCommand),
  ].join('\n')
}

function askingFlags(command: ManifestCommand): string {
  const rows = splitFlags(command).global.map(flagRow)
  return [
    '## Flags of all commands that ask a server',
    '',
    'They read no configuration. Where a server is looked for stands in [admin.md](admin.md#where-the-socket-is).',
    '',
    flagTable(rows),
    '',
  ].join('\n')
}

function describeCommand(command: ManifestCommand): string {
  const {summary, description, examples = [], args} = command
  const rows = splitFlags(command).own.map(flagRow)
  const names = Object.values(args).map(argument => row([`\`${argument.name.toUpperCase()}\``, argument.description]))
  const rest = isAsking(command) ? 'And `--json`, `--socket`, `--name`, `--timeout`, see above.' : ''
  return [
    `## ${titleOf(command)}`,
    '',
    fillLines([summary, description].filter(text => text !== undefined).join(' ')),
    '',
    '```sh',
    ...examples.map(example => example.replaceAll('<%= config.bin %>', 'gs')),
    '```',
    '',
    ...(names.length === 0 ? [] : ['| argument | |', '|---|---|', ...names, '']),
    ...(rows.length === 0 ? [] : [flagTable(rows), '']),
    ...(rest === '' ? [] : [rest, '']),
  ].join('\n')
}

function titleOf({id, args, strict = true}: ManifestCommand): string {
  const values = Object.values(args).map(({name, required}) => {
    const value = `${name.toUpperCase()}${strict ? '' : '…'}`
    return required ? value : `[${value}]`
  })
  return `\`${['gs', ...id.split(':'), ...values].join(' ')}\``
}

function anchorOf(command: ManifestCommand): string {
  const title = titleOf(command)
  const anchor = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
  return `[${title}](#${anchor})`
}

function flagRow({name, char, type, description, options, helpValue, env, default: initial, ...flag}: ManifestFlag) {
  const value = type === 'boolean' ? '' : ` ${options === undefined ? (helpValue ?? 'VALUE') : 'WORD'}`
  const words = options === undefined ? '' : ` One of ${options.map(option => `\`${option}\``).join(', ')}.`
  const note = [flag.required ? 'Required.' : '', flag.multiple ? 'May be given again.' : ''].filter(
    text => text !== '',
  )
  const variable = env ?? /\[env: (\w+)\]/.exec(description ?? '')?.[1]
  return row([
    `\`--${name}${value}\`${char === undefined ? '' : `, \`-${char}\``}`,
    [`${(description ?? '').replace(/ \[env: \w+\]/, '')}${words}`, ...note].join(' '),
    initial === undefined || initial === false ? '' : `\`${initial}\``,
    variable === undefined ? '' : `\`${variable}\``,
  ])
}

function flagTable(rows: readonly string[]): string {
  return ['| flag | | default | variable |', '|---|---|---|---|', ...rows].join('\n')
}

function row(cells: readonly (string | undefined)[]): string {
  return `| ${cells.map(cell => (cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`
}
