import type { MemoryWords } from './words.ts'

export const memoryWordsZh: MemoryWords = {
  remembered: '好的，我记住了。',
  refused: {
    secret: '密码、密钥这类机密我不会保存，所以没有记下。',
    number: '卡号、账号、证件号和联系方式我不会保存，所以没有记下。',
    sensitive: '健康、信仰、政治等私密信息我不会保存，所以没有记下。需要时您可以再告诉我。',
    other_person: '我只记住与您本人有关的事，所以没有记下。',
    instruction: '我可以记住关于您的事，但不能记住指令，所以没有记下。',
  },
  full: '关于您的记忆已满，请先删除一些，我再记。',
  isOff:
    '记忆功能未开启，下次我不会记得。说“打开记忆”，我就能在不同对话中记住您告诉我的事；您可以随时查看、修改或删除。',
  switchedOn:
    '记忆已开启，我会记住您告诉我的、关于您自己的事。说“忘掉……”可删除某一项，说“关闭记忆”即可停用。',
  switchedOff: '记忆已关闭，之前记住的内容不再使用；说“忘掉关于我的一切”即可删除。',
  forgotten: count => (count === 1 ? '好的，已经忘掉了。' : `好的，已忘掉 ${count} 条。`),
  forgottenAll: count => (count === 0 ? '我没有记住任何关于您的事。' : '关于您的一切，我都已经忘掉了。'),
  nothingToForget: '我没有记住这样的内容。',
}
