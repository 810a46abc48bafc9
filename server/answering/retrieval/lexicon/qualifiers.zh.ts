import type { Patterns } from './patterns.ts'
import type { QualifierCue } from './qualifiers.ts'

export const qualifiersZh: Patterns<QualifierCue> = {
  universal: /所有|全部|任何|一律|全国|随时|始终|总是|每个(?!月|星期|小时)|每位|每件|每一|人人|全都|全年/u,
  exclusive: /仅限|仅(?!\d)|只(?=能|有|限|在|支持|接受|发|配|对|会|为|向|用)/u,
  exception: /除外|除了|除非|不包括|不参加|以外/u,
  obligation: /必须|须|只|仅|需/u,
  condition: /如果|若|如(?=有|遇|需|无)|只要|只有|除非|前提|凭(?!\p{Script=Han}{0,2}证)|仅限|的话/u,
  loose: /如需|如有疑问|如果?(?:您|你)?(?:想|需要|有)|如有(?:疑问|需要|问题)/u,
  instruction: /请|联系|咨询/u,
  comparison: /比(?![较如例分])|最(?![多少大小高低长短近后晚早终])/gu,
  answer:
    /^(?:是的|不是的|对的?|好的|可以的|不可以|不行|不|有的|没有|您好|你好|亲|抱歉|不好意思)[，,。！!～~]\s*|^[^：。]{0,20}(?:资料|目录|信息|如下|查到)[^：。]{0,8}：/u,
  backward: /^(?:其|它|该|此|这|那|否则|不足|低于|未满|另外)/u,
  clause: /[，；。！？]/gu,
  predicate: /是|为|有|可以|不|没|未|无|需|要|能|会|支持|提供|享/u,
  elliptic: /^但不/u,
  restricting: /(?:满|达到)\s*[¥￥]?$/u,
  denyingCondition: /除非/u,
  extreme: /^最$/u,
}
