import {expect, test} from 'vitest'
import {adminWorld} from '../helpers/admin-world.js'
import {runProgram} from '../helpers/program.js'

test.each([
  ['room show', 'missing: ROOM, Id of the room.', 'See gs room show --help'],
  ['plugin call', 'missing: PLUGIN, Name of the plugin.; PATH, ', 'See gs plugin call --help'],
  ['room show 0', 'not a room id: "0"', 'Ids are integers from 1 to 4294967295.'],
  ['room show 4294967296', 'not a room id: "4294967296"', 'Ids are integers from 1 to 4294967295.'],
  ['user show 1e3', 'not a user id: "1e3"', 'Ids are integers from 1 to 4294967295.'],
  ['user kick 1 x', 'not a user id: "x"', 'Ids are integers from 1 to 4294967295.'],
  ['security show x', 'not a user id: "x"', 'Ids are integers from 1 to 4294967295.'],
  ['connect --script --room 7,x', '--room: not a room id: "x"', 'Ids are integers from 1 to 4294967295.'],
  ['drain', '--for is missing', 'See gs drain --help'],
  ['room --smort users', 'there is no flag --smort', 'Did you mean --sort?'],
  ['--smort', 'there is no command in front of "--smort"', 'Flags come behind a command. See gs --help'],
])('gs %s says what is wrong and what to do', async (words, message, hint) => {
  const {status, stdout, stderr} = await runProgram(words.split(' '), {})
  expect({status, stdout}).toEqual({status: 2, stdout: ''})
  expect(stderr).toMatch(/^gs: .*\nhint: .*\n$/)
  expect(stderr).toContain(`gs: ${message}`)
  expect(stderr).toContain(`hint: ${hint}\n`)
})

test('a text that is too long is refused in words, not in those of a library', async () => {
  const {gs} = await adminWorld({args: ['--plugins', 'security', '--ephemeral']})
  expect(await gs(['security', 'block', '7', '--reason', 'x'.repeat(501)])).toMatchObject({
    status: 2,
    stderr: 'gs: reason: must have at most 500 characters\nhint: See gs security block --help\n',
  })
})
