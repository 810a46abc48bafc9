import { asking, type SmallTalk } from '../lexicon/asking.ts'

/** A run is looked at from its beginning only: else a long one that does not end the text would be read again at each of its signs. */
const trailingSigns =
  /(?<![\s!！.。,，~～?？…\p{Extended_Pictographic}])[\s!！.。,，~～?？…\p{Extended_Pictographic}]+$/u

/** What a text says that asks for nothing, or null. */
export function smallTalkIn(text: string): SmallTalk | null {
  const plain = text.trim().replace(trailingSigns, '')
  for (const kind of ['greeting', 'thanks', 'person'] as const)
    if (asking.smallTalk[kind].test(plain)) return kind
  return null
}
