import {execFileSync, spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {readPage} from '../docs/markdown.js'
import {runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {TmuxTerminals, whyNoTmux} from '../helpers/tmux-terminal.js'

const SORT_KEYS = ['room', 'users', 'game', 'state', 'created', 'active']

function whyNo(shell: string): string | undefined {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0 ? undefined : `${shell} is not installed`
}

/** Writes the script of a shell into a folder of its own. */
async function scriptFile(shell: string, name = `gs.${shell}`): Promise<string> {
  const {status, stdout, stderr} = await runProgram(['completion', shell], {runtimeDir: tempFolder()})
  expect({status, stderr}).toEqual({status: 0, stderr: ''})
  const path = join(tempFolder(), name)
  writeFileSync(path, stdout)
  return path
}

describe('bash', () => {
  async function completer(): Promise<(...words: string[]) => string[]> {
    const path = await scriptFile('bash')
    const program =
      'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gs; printf "%s\\n" "$' + '{COMPREPLY[@]}"'
    return (...words) => {
      const output = execFileSync('bash', ['--norc', '-c', program, 'bash', path, 'gs', ...words], {encoding: 'utf8'})
      return output.split('\n').filter(line => line !== '')
    }
  }

  test('completes commands, the words below them, and arguments with fixed words', async () => {
    const complete = await completer()
    const manifest = JSON.parse(readPage('oclif.manifest.json')) as {commands: object}
    const first = Object.keys(manifest.commands).map(id => id.split(':')[0])
    expect(complete('')).toEqual([...new Set(first)].sort())
    expect(complete('ro')).toEqual(['room'])
    expect(complete('config', '')).toEqual(['check', 'init', 'show'])
    expect(complete('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(complete('user', 'kick', '4')).toEqual([])
  })

  test('completes flags and their values, with and without =', async () => {
    const complete = await completer()
    expect(complete('room', '--s')).toEqual(['--socket', '--sort'])
    expect(complete('room', '--sort', '')).toEqual(SORT_KEYS)
    // Readline makes three words of --sort=us.
    expect(complete('room', '--sort', '=', 'us')).toEqual(['users'])
    expect(complete('room', '--sort', '=')).toEqual(SORT_KEYS)
    expect(complete('closed', '--reason', 'k')).toEqual(['kicked'])
    expect(complete('room', '--limit', '')).toEqual([])
    expect(complete('room', '--reverse', '')).toEqual(['close', 'show'])
  })
})

test('fish completes the same', async ({skip}) => {
  skip(whyNo('fish') !== undefined, whyNo('fish'))
  const path = await scriptFile('fish')
  const lines = ['gs ro', 'gs room ', 'gs room --sort ', 'gs closed --reason=k', 'gsrv token ', 'gs room --rev']
  const program = 'source $argv[1]; for line in $argv[2..-1]; complete -C $line; echo; end'
  const output = execFileSync('fish', ['--no-config', '-c', program, path, ...lines], {encoding: 'utf8'})
  const [commands, words, values, reasons, below, flags] = output
    .split('\n\n')
    .map(block => block.split('\n').map(line => line.split('\t')[0]))
  expect(commands).toEqual(['room'])
  expect(words).toEqual(['close', 'show'])
  expect(values).toEqual([...SORT_KEYS].sort())
  expect(reasons).toEqual(['--reason=kicked'])
  expect(below).toEqual(['issue'])
  expect(flags).toEqual(['--reverse'])
})

test('zsh completes the same, in a terminal', async ({skip}) => {
  const reason = whyNo('zsh') ?? whyNoTmux()
  skip(reason !== undefined, reason)
  const path = await scriptFile('zsh', '_gs')
  const terminal = await new TmuxTerminals().open({name: 'zsh', columns: 100, rows: 30})
  await terminal.enter(`cd ${tempFolder()} && exec zsh -f`)
  await terminal.enter(
    `PS1='> '; fpath=(${join(path, '..')} $fpath); autoload -Uz compinit; compinit -u -D; print loaded`,
  )
  await terminal.shows(/^loaded$/m, 20_000)
  for (const [typed, completed] of [
    ['gs noti', 'gs notice '],
    ['gs room sh', 'gs room show '],
    ['gs room --sort us', 'gs room --sort users '],
    ['gs closed --reason=kic', 'gs closed --reason=kicked '],
    ['gsrv room --rev', 'gsrv room --reverse '],
  ] as const) {
    await terminal.type(typed)
    await terminal.press('Tab')
    await terminal.type('.')
    await terminal.shows(`> ${completed}.`)
    await terminal.press('C-u')
  }
})

test('another shell, or none, is a mistake', async () => {
  for (const args of [['completion'], ['completion', 'csh']]) {
    const {status, stdout, stderr} = await runProgram(args, {runtimeDir: tempFolder()})
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr).toMatch(/^gs: .*bash.*zsh.*fish.*\nhint: See gs completion --help\n$/)
  }
})
