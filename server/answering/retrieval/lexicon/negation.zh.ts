import type { NegationCue } from './negation.ts'
import type { Patterns } from './patterns.ts'

export const negationZh: Patterns<NegationCue> = {
  innocent:
    /不超过|不少于|不低于|不高于|不大于|不小于|不多于|不早于|不晚于|不仅|不但|不只|不论|不管|无论|不同|不锈|不错|不断|无线|无理由|无条件|无忧|非常|未来|是否|除非|非洲|有没有|能不能|可不可以|是不是|会不会|支不支持|否则/giu,
  negator:
    /不|没有|没|無|无|非|未|禁止|严禁|勿|(?<![类特区级分差个性识告派辨])别(?![的人处名墅])|^否|：\s?否/giu,
  clauseEnd: /但|而|除非/iu,
  subjectBreak: /，/,
  narrow: /^(?:无|無|非|未)$/i,
  exclusion: /(?:不要|不想要|不是|不含|不带|不用|(?<!有)没有|除了|除|非|别|无|不)$/i,
  rulesOut:
    /不想?要|别(?:给我)?(?:推荐)?|(?<!有)没有|不(?:含|带|吃|喜欢|用|能吃|能有|推荐|考虑)|不是|除了|除|讨厌|拒绝|排除|对(?=\p{Script=Han}{1,6}过敏)/giu,
  scopeEnd: /[，。！？；,.!?;]|的|以外|之外|外|还有?什么|过敏|(?:元|块)?以[内下上]/iu,
  coordination: /和|、|或者?|跟|及|与|以及|还有/,
  article: /^(?:任何|一切|那些|这些|有|是)/,
  hasNone: /(?:不含|无|零|未添加|不添加|0)\p{Script=Han}{1,4}/gu,
  yes: /^(?:是|有|支持)$/i,
  no: /^(?:否|无|不支持)$/i,
}
