import {Args, Flags} from '@oclif/core'
import {MAX_ID} from '../protocol/limits.js'
import {type ListingName, sortKeys} from '../util/listing-columns.js'
import {parseId} from './ids.js'

const MAX_ROWS = 100_000

/** `--sort`, `--reverse` and `--limit`: the server sorts and cuts. */
export function listFlags(name: ListingName) {
  return {
    sort: Flags.option({
      description: 'Column to sort by: largest, newest or first in the alphabet on top.',
      options: sortKeys(name),
    })(),
    reverse: Flags.boolean({char: 'R', description: 'Turn the order around.', default: false}),
    limit: Flags.integer({description: 'Most rows to show.', default: 20, min: 1, max: MAX_ROWS, helpValue: 'N'}),
  }
}

/** A room's or user's id as an argument. */
export function idArgument(kind: 'room' | 'user', description: string) {
  return Args.custom<number>({parse: async text => parseId(kind, text)})({
    description,
    required: true,
    ignoreStdin: true,
  })
}

export function idFlag(description: string) {
  return Flags.integer({description, min: 1, max: MAX_ID, helpValue: 'ID'})
}

export const messageFlag = Flags.string({description: 'What the users are told.', helpValue: 'TEXT'})
