import type { NounPhraseCue } from './noun-phrases.ts'
import type { Patterns } from './patterns.ts'

/** Chinese puts what describes in front: nothing behind a thing is beside it. */
export const nounPhrasesZh: Patterns<NounPhraseCue> = {
  joint: /^\s*(?:和|或|或者|及|与|还是|以及)\s*(?:(?:an?|the|some|any)\s+)?(?:[\p{Ll}-]+\s+){0,1}$/iu,
  attributive: /^的/,
  beside: /(?!)/iu,
  seeking: /(?!)/i,
  between: /[，、；]|和|与|跟|或|比|的/u,
  definite: /(?:这款|那款|这个|那个|这种|你们的|您们的)$/u,
  indefinite: /(?!)/iu,
  opening: /^[\s，。]*(?:你好|您好|请问|那)?[\s，]*(?:我的|你们的|这款|这个|那款|那个)?$/u,
  counted: /(?:有|哪款|哪个|哪台|便宜的)$/i,
}
