import {createRandom} from '../../helpers/create-random.js'

const OPENINGS = `hey|hi all|ok so|lol|well|yeah|nah|omg|brb|gg|wp|anyone here?|guys|sorry|thanks!|wait,|haha|hmm...|no way|dude`
const SUBJECTS = `I|you|we|they|my brother|the server|this game|our team|that boss|the new map|nobody|everyone|my cat|the admin`
const VERBS = `don't like|can't find|dropped|deleted|just updated|want to select|will insert|need|love|can't evaluate|lost|won't load|clicked on|scripted|tried|should've kept|didn't expect|wrote`
const OBJECTS = `the sword|a table|"the cookie"|javascript|the script (again)|my document|level 12|those items; sadly|it's potion|<3|the onload screen|an error|the click|room #7|http://example.org/a?b=1&c=2|50% of it|a = b|O'Brien's base|c:/games|the 'drop' zone|tables; delete them|x < y > z|:-) :-( :)|update 1.2.3`
const ENDINGS = `.|!|?|...| :)| :D| ;)| lol| rn| (just saying)| -- seriously| <3| xD| at 10:30| tbh| 'cause why not| since 2019|, ok?| (see above).| =)`
const WHOLE = [
  "it's over; drop by later",
  "don't; update me tomorrow",
  "that's it; insert coin",
  'is javascript better than typescript?',
  'javascript :)',
  'use eval in lesson 3, or evaluate it by hand (if you can)',
  'who ate my cookie? document it!',
  'the script is done </3',
  'on click nothing happens, on load neither, error = none',
]

/** As many different lines as asked for, as people write them in games; the same for the same seed. */
export function chatLines(count: number, seed = 1): string[] {
  const random = createRandom(seed)
  const pick = (words: string) => {
    const choices = words.split('|')
    return choices[Math.floor(random() * choices.length)] as string
  }
  const lines = new Set(WHOLE)
  while (lines.size < count) {
    const opening = random() < 0.6 ? `${pick(OPENINGS)} ` : ''
    lines.add(`${opening}${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)}${pick(ENDINGS)}`)
  }
  return [...lines]
}
