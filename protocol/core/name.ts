import * as v from 'valibot'
import { text } from './shapes.ts'

/**
 * What nobody sees, or what turns the direction of the text around it, but for joiners where a script or an emoji needs
 * them. The first group is what stays.
 */
const invisible = new RegExp(
  [
    String.raw`((?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic})`,
    String.raw`(?<=\p{Extended_Pictographic})\uFE0F`,
    String.raw`(?<=[\d#*])\uFE0F(?=\u20E3)`,
    String.raw`(?<=@[\p{L}\p{M}])[\u200C\u200D](?=@\p{L}))`.replaceAll(
      '@',
      '(?=[\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}])',
    ),
    String.raw`[\p{Default_Ignorable_Code_Point}\u2800\uFFF9-\uFFFB]`,
  ].join('|'),
  'gu',
)

/** A name of somebody or something as it is stored and shown: NFC, on one line, without what nobody sees. */
export function plainName(name: string): string {
  return name
    .normalize('NFC')
    .replace(invisible, (_sign, visible?: string) => visible ?? '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** A name that somebody enters. `max` in UTF-16 code units. */
export function name(max: number) {
  return v.pipe(
    text(max),
    v.transform(plainName),
    v.check(value => value !== '', 'must not be empty'),
  )
}
