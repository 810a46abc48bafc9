import * as v from 'valibot'
import { type Language, languageHint } from '#protocol'

/** What a browser asks for first, where it is spoken here. @param header Accept-Language, like `zh-CN,zh;q=0.9,en;q=0.8` */
export function acceptedLanguage(header: string | undefined): Language | null {
  return v.parse(languageHint, header?.split(/[,;]/, 1)[0]) ?? null
}
