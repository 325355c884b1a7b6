import {onTestFinished} from 'vitest'
import {AdminClient} from '../../src/client/admin/admin-client.js'
import {Program, type ProgramOptions, type Ran, runProgram} from './program.js'
import {RawClient} from './raw-client.js'
import {tempFolder} from './temp-folder.js'

/** A running server, and the commands that see no other than those of its run directory. */
export interface AdminWorld {
  readonly server: Program
  readonly port: number
  readonly socket: string
  readonly runtimeDir: string
  readonly cwd: string
  /** Runs a command; its words are told apart by spaces. */
  gs(command: string | readonly string[], options?: ProgramOptions): Promise<Ran>
  /** The data that a command prints with `--json`; fails when it fails. */
  json(command: string | readonly string[]): Promise<never>
  /** Asks without a process of its own for each question. */
  readonly client: AdminClient
  /** A welcomed user in these rooms. */
  user(userId: number, options?: {nickname?: string; rooms?: readonly number[]}): Promise<RawClient>
}

export interface WorldOptions {
  readonly args?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly runtimeDir?: string
}

export async function adminWorld({args = [], files = {}, runtimeDir}: WorldOptions = {}): Promise<AdminWorld> {
  const cwd = tempFolder(files)
  const server = new Program(['serve', '--port', '0', ...args], {cwd, ...(runtimeDir !== undefined && {runtimeDir})})
  const {port, socket} = await server.ready()
  const gs: AdminWorld['gs'] = (command, options = {}) =>
    runProgram(toWords(command), {cwd, runtimeDir: server.runtimeDir, ...options})
  const json: AdminWorld['json'] = async command => {
    const {status, stdout, stderr} = await gs([...toWords(command), '--json'])
    if (status !== 0 || stderr !== '') throw new Error(`${command} ended with ${status}: ${stdout}${stderr}`)
    return JSON.parse(stdout) as never
  }
  const user: AdminWorld['user'] = async (userId, {nickname, rooms = []} = {}) => {
    const client = await RawClient.connect(port)
    onTestFinished(() => void client.socket.destroy())
    client.send({type: 'hello', userId, ...(nickname !== undefined && {nickname})})
    await client.take('welcome')
    for (const roomId of rooms) {
      client.send({type: 'join_room', roomId})
      await client.take('room_joined')
    }
    return client
  }
  const client = new AdminClient({socketPath: socket})
  return {server, client, port, socket, runtimeDir: server.runtimeDir, cwd, gs, json, user}
}

function toWords(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? command.split(' ') : command
}
