import {CONFIG_KEYS, type ConfigKey, GROUP_NAMES} from './keys.js'

const INTRO = `# Configuration

<!-- Written by the build from the schema. Change src/config/, not this file. -->

\`gs\` runs without a configuration. What you set comes from four places; the first that has a key counts:

1. a flag of the command, as in \`--port 7001\`
2. an environment variable: \`GS_\` and the key in upper snake case, as in \`GS_SERVER_PORT\`
3. the configuration file
4. the default

\`gs config show\` prints every key with its value and where that comes from, \`gs config check\` tests a
configuration without starting anything, and \`gs config init\` writes a \`gs.config.yaml\` with every key explained.

## The file

Looked for in the working folder only, not in the folders above; the first of these that exists is used:
\`gs.config.js\`, \`gs.config.ts\`, \`gs.config.mjs\`, \`gs.config.json\`, \`gs.config.yaml\`, \`.gsrc\` (YAML or JSON),
\`.gsrc.json\`, \`.gsrc.yaml\`, \`.gsrc.yml\`, \`.gsrc.js\`, \`.gsrc.ts\`, \`.gsrc.mjs\`, and the key \`gs\` of
\`package.json\`. \`--config FILE\` or \`GS_CONFIG\` names another one.

\`\`\`yaml
# yaml-language-server: $schema=node_modules/@gsrv/gs/gs.schema.json
server:
  port: 7001
auth:
  mode: token
  secretFile: ./token.secret
\`\`\`

- Relative paths in the file are relative to it; those in flags and variables, to the working folder.
- An empty file, or a group with nothing in it, sets nothing.
- An unknown key or a value out of range stops the start: all problems are listed, each with its file, key and reason, and
  the exit status is 2.
- JavaScript and TypeScript files export the configuration as their default export. Node runs TypeScript by leaving the
  types out, so enums and the like do not work. \`plugins\` and \`games\` may hold objects there, besides names and paths.
- In JSON, a key \`$schema\` may name \`gs.schema.json\` for your editor.
- Any other top-level key is the name of a plugin that \`plugins\` lists, and holds the plugin's own configuration.

## Environment variables

Lists are separated by commas; yes and no are \`true\` and \`false\`, or \`1\` and \`0\`; a host with a port is written as in
\`127.0.0.1:9464\`. An empty variable counts as not set.
A variable that starts with the name of a group, such as \`GS_SERVER_PROT\`, and is no key is an error.

## The secret

With \`auth.mode: token\` the server checks tokens (JWT, HS256) by a secret of at least 32 bytes. It comes from the file
that \`auth.secretFile\` names, or from the variable \`GS_AUTH_SECRET\`; both at once are refused. The file must be readable
by its owner only (\`chmod 600\`). No command prints the secret, and no flag or file of configuration takes it.

## The log file

Lines are appended to \`log.file\`. When it was moved away or deleted, \`gs reload\` or SIGHUP begins a new one, so that
logrotate needs no more than this:

\`\`\`text
/var/log/gs/gs.log {
  weekly
  rotate 8
  compress
  delaycompress
  missingok
  postrotate
    systemctl kill --kill-whom=main --signal=HUP gs.service
  endscript
}
\`\`\`

If there can be no new file, the log says so and goes on in the old one.

## Keys

*live*: a change in the file applies when the server reads it again, which it does on \`gs reload\` and on SIGHUP.
*restart*: the server has to be started anew; \`gs reload\` and the log name such keys. Plugins get their configuration when
they are set up: at the start, and by \`gs plugin enable\`. The admin socket is described in [admin.md](admin.md).
`

const HEAD = `| key | default | unit | range | applies | variable | what it does |
|---|---|---|---|---|---|---|`

/** The page that documents every key. */
export function referencePage(): string {
  const sections = ['top', ...GROUP_NAMES].map(group => {
    const title = group === 'top' ? 'Without a group' : `\`${group}\``
    const rows = CONFIG_KEYS.filter(key => key.group === group).map(describeRow)
    return `### ${title}\n\n${[HEAD, ...rows].join('\n')}\n`
  })
  return [INTRO, ...sections].join('\n')
}

function describeRow(key: ConfigKey): string {
  const initial = key.defaultNote === undefined ? code(key.default) : `${code(key.default)}; ${key.defaultNote}`
  const cells = [`\`${key.path}\``, initial, key.unit, key.range, key.liveness, `\`${key.env}\``, key.description]
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function code(value: unknown): string {
  if (value === null) return 'none'
  return Array.isArray(value) ? 'empty' : `\`${String(value)}\``
}
