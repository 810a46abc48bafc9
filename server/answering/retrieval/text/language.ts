import type { Language } from '#protocol'

/** Whether most of a text is Chinese: its characters against its Latin words. */
export function isChinese(text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const words = text.match(/[A-Za-z]{2,}/g)?.length ?? 0
  return han > 1 && han * 2 >= words
}

export function languageOfText(text: string): Language {
  return isChinese(text) ? 'zh' : 'en'
}
