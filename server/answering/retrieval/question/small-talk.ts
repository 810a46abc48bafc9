import { asking, type SmallTalk } from '../lexicon/asking.ts'

/** A run is looked at from its beginning only: else a long one that does not end the text would be read again at each of its signs. */
const trailingSigns =
  /(?<![\s!！.。,，~～?？…\p{Extended_Pictographic}])[\s!！.。,，~～?？…\p{Extended_Pictographic}]+$/u

/** In the order in which they are tried: "are you a human?" asks for none. */
const kinds = [
  'greeting',
  'thanks',
  'goodbye',
  'robot',
  'person',
  'wellbeing',
  'abilities',
  'acknowledged',
  'anger',
] as const

/** What a text says that asks for nothing, or null. */
export function smallTalkIn(text: string): SmallTalk | null {
  const plain = text.trim().replace(trailingSigns, '')
  for (const kind of kinds) if (asking.smallTalk[kind].test(plain)) return kind
  return null
}
