/** Ends the program for a number that is none. */
export function numberOf(name: string, text: string): number {
  const number = Number(text)
  if (number > 0) return number
  console.error(`--${name} must be a number above 0, not ${text}`)
  process.exit(2)
}

/** Those of `all` that are named in a list with commas; all of them without one. Ends the program for a wrong name. */
export function chosen<Item>(list: string | undefined, all: readonly Item[], nameOf: (item: Item) => string): Item[] {
  if (list === undefined) return [...all]
  const names = list.split(',')
  const wrong = names.find(name => !all.some(item => nameOf(item) === name))
  if (wrong !== undefined) {
    console.error(`no ${wrong}; there are ${all.map(nameOf).join(', ')}`)
    process.exit(2)
  }
  return names.flatMap(name => all.find(item => nameOf(item) === name) ?? [])
}
