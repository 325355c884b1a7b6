import {bashCompletion} from './bash-completion.js'
import {type Completed, completionPlaces} from './completion-model.js'
import {fishCompletion} from './fish-completion.js'
import {zshCompletion} from './zsh-completion.js'

const WRITERS = {bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion}

export type Shell = keyof typeof WRITERS

export const SHELLS = Object.keys(WRITERS) as Shell[]

/** The script that has a shell complete commands, their flags, and the values of these. */
export function completionScript(shell: Shell, completed: Completed): string {
  return WRITERS[shell](completionPlaces(completed))
}
